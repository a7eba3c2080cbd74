import { print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { mint } from '../kit/issuer.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';

const { fetch, aWorld, takeStatements } = await startService();

const read = (headers: Record<string, string> = {}, query = '{ __typename }') =>
  fetch(new Request(`http://localhost/graphql?${new URLSearchParams({ query })}`, { headers }));

const send = (body: string, headers: Record<string, string>) =>
  fetch(new Request('http://localhost/graphql', { method: 'POST', headers, body }));

const refusal = (status: number) => ({
  errors: [{ extensions: { code: 'VALIDATION_ERROR', type: 'validation_error', status } }],
});

describe('a request that a page of another site can send unasked', () => {
  it('is refused where it reads', async () => {
    const response = await read({ accept: 'application/json' });

    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject(refusal(403));
  });

  it.each([
    ['application/x-www-form-urlencoded', 'query={__typename}'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['text/plain', '{"query":"{ __typename }"}'],
  ])('is refused where it sends %s', async (contentType, body) => {
    const response = await send(body, { 'content-type': contentType });

    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject(refusal(403));
  });
});

describe('a request that a browser asks for beforehand', () => {
  it.each(['apollo-require-preflight', 'graphql-require-preflight', 'x-graphql-yoga-csrf'])(
    'is one with the header %s',
    async (header) => {
      expect((await read({ [header]: '1' })).status).toBe(200);
    },
  );

  it('is one with a token', async () => {
    expect((await read({ authorization: `Bearer ${await mint({ sub: 'usr_1' })}` })).status).toBe(200);
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'application/graphql'])(
    'is one that sends %s',
    async (contentType) => {
      const body = contentType === 'application/graphql' ? '{ __typename }' : '{"query":"{ __typename }"}';

      expect((await send(body, { 'content-type': contentType })).status).toBe(200);
    },
  );
});

describe('a change', () => {
  it('is not made by GET, nor by a form, whoever asks for it', async () => {
    const { organization, admin } = await aWorld();
    const query = print(UpdateSettings);
    const variables = JSON.stringify({ input: { organizationId: organization.id, disabledProviders: ['google'] } });
    const parameters = new URLSearchParams({ query, variables });
    const authorization = `Bearer ${await mint({ sub: admin.id })}`;
    takeStatements();

    const read = await fetch(new Request(`http://localhost/graphql?${parameters}`, { headers: { authorization } }));
    const form = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
    const sent = await send(parameters.toString(), form);

    expect(read.status).toBe(405);
    expect(await read.json()).toMatchObject(refusal(405));
    expect(sent.status).toBe(415);
    expect(takeStatements()).toEqual([]);
  });
});
