import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mint } from '../kit/issuer.ts';
import { startService } from '../kit/service.ts';

const secret = 'a-secret-that-the-gateway-knows-too';
const service = await startService({
  subgraphHmacSecret: secret,
  limits: { tokens: 100, tokensSigned: 400, documentLength: 1_000 },
});
const { aWorld, fetch, ask, takeStatements } = service;

const Entities = 'query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }';

interface Call {
  query: string;
  variables?: Record<string, unknown>;
  signature?: unknown;
}

async function send({ query, variables, signature }: Call, as?: { id: string }): Promise<Response> {
  const authorization = as && { authorization: `Bearer ${await mint({ sub: as.id })}` };
  return fetch(
    new Request('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization },
      body: JSON.stringify({ query, variables, extensions: { 'hmac-signature': signature } }),
    }),
  );
}

async function call(given: Call, as: { id: string }) {
  const response = await send(given, as);
  const { data, errors } = await response.json();
  return { status: response.status, data, code: errors?.[0]?.extensions.code };
}

/** The text is what the gateway would write: keys in order, no variables where there are none. */
const sign = (text: string, key = secret) => createHmac('sha256', key).update(text).digest('base64');

async function aCall() {
  const { organization, member } = await aWorld();
  const variables = { representations: [{ __typename: 'Organization', id: organization.id }] };
  const text = `{"query":${JSON.stringify(Entities)},"variables":{"representations":[{"__typename":"Organization","id":"${organization.id}"}]}}`;
  return { member, organization, variables, text };
}

describe('a call for the gateway alone', () => {
  it('is answered where it is signed, in whatever order its keys come', async () => {
    const { member, organization, text } = await aCall();
    const variables = { representations: [{ id: organization.id, __typename: 'Organization' }] };

    const answer = await call({ query: Entities, variables, signature: sign(text) }, member);

    expect(answer).toEqual({ status: 200, data: { _entities: [{ __typename: 'Organization' }] }, code: undefined });
  });

  it.each([[undefined], [{}]])('counts the variables %j as none', async (variables) => {
    const { member } = await aWorld();
    const query = '{ _service { sdl } }';

    const { data } = await call(
      { query, ...(variables && { variables }), signature: sign(JSON.stringify({ query })) },
      member,
    );

    expect(data._service.sdl).toContain('@link');
  });

  it.each([
    ['is not signed', () => undefined],
    ['is signed with another secret', (text: string) => sign(text, 'another-secret-of-thirty-two-bytes')],
    ['is signed for other variables', (text: string) => sign(text.replace('org_', 'org_x'))],
    ['is signed with a part of the signature', (text: string) => sign(text).slice(0, 8)],
    ['is signed with an empty text', () => ''],
    ['is signed with no text', (text: string) => [sign(text)]],
  ])('is refused where it %s, and nothing is read for it', async (_, signatureOf) => {
    const { member, variables, text } = await aCall();
    await call({ query: '{ __typename }' }, member);
    takeStatements();

    const answer = await call({ query: Entities, variables, signature: signatureOf(text) }, member);

    expect(answer).toEqual({ status: 401, data: undefined, code: 'AUTHENTICATION_REQUIRED' });
    expect(takeStatements()).toEqual([]);
  });

  it.each([
    '{ _service { sdl } }',
    '{ harmless: _service { sdl } }',
    '{ __typename ... { ... on Query { _service { sdl } } } }',
    '{ ...Hidden } fragment Hidden on Query { ...Deeper } fragment Deeper on Query { _service { sdl } }',
    'query Caller { caller { __typename } _service { sdl } }',
    'query ($no: Boolean = true) { caller { __typename } _service @skip(if: $no) { sdl } }',
    '{ _entities(representations: []) { __typename } }',
  ])('is found in %s', async (query) => {
    const { member } = await aWorld();

    expect(await call({ query }, member)).toMatchObject({ status: 401, code: 'AUTHENTICATION_REQUIRED' });
  });

  it('is refused where its variables are deeper than a signature can be', async () => {
    const { member } = await aWorld();
    const body = `{"query":${JSON.stringify(Entities)},"variables":{"representations":[${'['.repeat(100_000)}${']'.repeat(100_000)}]},"extensions":{"hmac-signature":"x"}}`;
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await mint({ sub: member.id })}` };

    const response = await fetch(new Request('http://localhost/graphql', { method: 'POST', headers, body }));

    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(await response.json()).not.toHaveProperty('data');
  });

  it('is refused over GET too', async () => {
    const { member } = await aWorld();
    const headers = { authorization: `Bearer ${await mint({ sub: member.id })}`, accept: 'application/json' };

    const response = await fetch(
      new Request(`http://localhost/graphql?query=${encodeURIComponent('{ _service { sdl } }')}`, { headers }),
    );

    expect(response.status).toBe(401);
  });

  it('stays out of the way of all other calls, with a signature or without', async () => {
    const { member } = await aWorld();
    const query = '{ caller { user { id } } _other: __typename }';

    const plain = await ask(query, {}, { as: member });
    const odd = await call({ query, signature: 'nonsense' }, member);

    expect(plain.data).toEqual({ caller: { user: { id: member.id } }, _other: 'Query' });
    expect(odd.data).toEqual(plain.data);
  });

  it('needs a caller besides', async () => {
    const { variables, text } = await aCall();

    const { errors } = await (await send({ query: Entities, variables, signature: sign(text) })).json();

    expect(errors[0].extensions.code).toBe('AUTHENTICATION_REQUIRED');
    expect(errors[0].path).toEqual(['_entities']);
  });
});

describe('a document of more tokens than anybody may send', () => {
  /** Its name makes it another one, so that nothing is remembered of it. */
  const aDocument = (fields: number) =>
    `query Q${crypto.randomUUID().replaceAll('-', '')} { ${'__typename '.repeat(fields)}}`;
  const data = { __typename: 'Query' };

  it('is answered where a gateway has signed it, however often', async () => {
    const { member } = await aWorld();
    const query = aDocument(300);
    const signature = sign(JSON.stringify({ query }));

    for (let time = 0; time < 3; time++) {
      expect(await call({ query, signature }, member)).toEqual({ status: 200, data, code: undefined });
    }
  });

  it.each([
    ['without a signature', () => undefined],
    ['with the signature of another secret', (query: string) => sign(JSON.stringify({ query }), 'x'.repeat(32))],
    ['with the signature of another document', () => sign(JSON.stringify({ query: '{ __typename }' }))],
  ])('is refused %s, before the gateway has sent it and after', async (_, signatureOf) => {
    const { member } = await aWorld();
    const query = aDocument(300);
    const refusal = { status: 400, data: undefined, code: 'VALIDATION_ERROR' };
    const ask = () => call({ query, signature: signatureOf(query) }, member);

    expect(await ask()).toEqual(refusal);
    // That it was refused to others is not remembered against the gateway.
    expect(await call({ query, signature: sign(JSON.stringify({ query })) }, member)).toMatchObject({ data });
    expect(await ask()).toEqual(refusal);
    expect(await service.ask(query, {}, { as: member })).toMatchObject({ errors: [{ message: /Token limit of 100/ }] });
    expect(await service.ask(query)).toMatchObject({ errors: [{ message: /Token limit of 100/ }] });
  });

  it('has a limit for gateways too', async () => {
    const { member } = await aWorld();
    const query = aDocument(500);

    expect(await call({ query, signature: sign(JSON.stringify({ query })) }, member)).toMatchObject({
      code: 'VALIDATION_ERROR',
    });
  });

  it('may be longer in proportion, where it is signed', async () => {
    const { member } = await aWorld();
    const [long, tooLong] = [1_500, 4_500].map((length) => `{ __typename } #${'x'.repeat(length)}`);
    const outcome = (query = '', signature?: string) => call({ query, signature }, member);

    expect(await outcome(long)).toMatchObject({ code: 'VALIDATION_ERROR' });
    expect(await outcome(long, sign(JSON.stringify({ query: long })))).toMatchObject({ data });
    expect(await outcome(long)).toMatchObject({ code: 'VALIDATION_ERROR' });
    expect(await outcome(tooLong, sign(JSON.stringify({ query: tooLong })))).toMatchObject({
      code: 'VALIDATION_ERROR',
    });
  });
});
