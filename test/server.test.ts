import { describe, expect, it } from 'vitest';
import { readCatalog } from '../src/catalog/read-catalog.ts';
import { createDatabase } from '../src/database/pool/client.ts';
import { ReadSettings, UpdateSettings } from './kit/operations.ts';
import { startInstance, startService } from './kit/service.ts';

const { ask, aWorld, fetch, logLines, database } = await startService();

// A database that nobody can reach: nothing listens on the discard port.
const unreachable = startInstance(
  (onQuery) => createDatabase('postgresql://modelgate:s3cret@127.0.0.1:9/modelgate', { onQuery }),
  readCatalog(),
);

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(
    new Request('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    }),
  );

describe('an error', () => {
  it('says its code, its kind, its trace id and its time', async () => {
    const { organization, stranger } = await aWorld();

    const { errors, headers } = await ask(ReadSettings, { organizationId: organization.id }, { as: stranger });

    expect(errors?.[0]?.extensions).toEqual({
      code: 'ORGANIZATION_ACCESS_DENIED',
      type: 'authorization_error',
      status: 403,
      details: { organizationId: organization.id },
      traceId: headers.get('x-request-id'),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  it.each([
    ['a document that does not parse', '{ nonsense'],
    ['a field that does not exist', '{ nonsense }'],
    ['a variable that is missing', 'query ($id: ID!) { node(id: $id) { id } }'],
    [
      'a mutation of the wrong shape',
      'mutation { updateModelSettings(input: { disabledProviders: 1 }) { __typename } }',
    ],
    ['no operation', 'fragment A on Query { __typename }'],
  ])('for %s is a VALIDATION_ERROR without data', async (_, query) => {
    const { data, errors } = await ask(query);

    expect(data).toBe(undefined);
    expect(errors?.length).toBeGreaterThan(0);
    for (const { extensions } of errors ?? []) expect(extensions).toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  it.each([
    ['no JSON', 'nonsense', 400],
    ['no query', '{}', 400],
    ['a batch', '[{"query":"{ __typename }"}]', 400],
    ['null', 'null', 400],
  ])('for a body with %s says so', async (_, body, status) => {
    const response = await post(body);
    const { errors } = await response.json();

    expect(response.status).toBe(status);
    expect(errors[0].extensions).toMatchObject({ code: 'VALIDATION_ERROR', traceId: expect.any(String) });
  });

  it('for a database that does not answer is SERVICE_UNAVAILABLE, and tells nothing of it', async () => {
    const { status, headers, data, errors } = await unreachable.ask(
      ReadSettings,
      { organizationId: 'org_x' },
      { as: { id: 'usr_x' } },
    );

    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(data).toBe(undefined);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'SERVICE_UNAVAILABLE', details: {} });
    expect(JSON.stringify(errors)).not.toMatch(/s3cret|127\.0\.0\.1|prisma/i);
    expect(JSON.stringify(unreachable.logLines())).not.toContain('s3cret');
  });

  it("of the service's own is masked, and logged under its trace id", async () => {
    const { admin, organization } = await aWorld();
    const broken = startInstance(() => database as never, readCatalog());

    const { errors, headers } = await broken.ask(ReadSettings, { organizationId: organization.id }, { as: admin });

    expect(errors).toMatchObject([
      { message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR', details: {} } },
    ]);
    const logged = broken.logLines().find(({ level }) => level === 50);
    expect(logged).toMatchObject({ traceId: headers.get('x-request-id'), code: 'INTERNAL_SERVER_ERROR' });
    expect(logged?.err).toMatchObject({ type: 'TypeError' });
  });
});

describe('a request', () => {
  it('is logged in one line: who asked what, how long it took and what came of it', async () => {
    const { organization, admin, stranger } = await aWorld();

    const { headers } = await ask(ReadSettings, { organizationId: organization.id }, { as: admin });
    const refused = await ask(ReadSettings, { organizationId: organization.id }, { as: stranger });

    const lineOf = (answer: Headers) => logLines().filter(({ traceId }) => traceId === answer.get('x-request-id'));
    expect(lineOf(headers)).toMatchObject([
      {
        method: 'POST',
        path: '/graphql',
        status: 200,
        outcome: 'OK',
        operationName: 'ReadSettings',
        viewerId: admin.id,
      },
    ]);
    expect(lineOf(headers)[0]?.durationMs).toBeTypeOf('number');
    expect(lineOf(refused.headers)).toMatchObject([{ outcome: 'ORGANIZATION_ACCESS_DENIED', viewerId: stranger.id }]);
  });

  it('that is refused as a typed result is logged with its code', async () => {
    const { organization, member } = await aWorld();
    const input = { organizationId: organization.id, disabledModels: ['x'] };

    const { headers } = await ask(UpdateSettings, { input }, { as: member });

    const line = logLines().find(({ traceId }) => traceId === headers.get('x-request-id'));
    expect(line).toMatchObject({ status: 200, outcome: 'INSUFFICIENT_PERMISSIONS' });
  });

  it('keeps the trace id that it came with, unless it could do harm', async () => {
    const kept = await ask('{ __typename }', {}, { headers: { 'x-request-id': 'trace-4711' } });
    const replaced = await ask('{ __typename }', {}, { headers: { 'x-request-id': 'a{"b' } });

    expect(kept.headers.get('x-request-id')).toBe('trace-4711');
    expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('never has its token in the log', async () => {
    const { admin } = await aWorld();
    await ask('{ caller { user { id } } }', {}, { as: admin });
    await ask('{ caller { user { id } } }', {}, { token: 'a.secret.token' });

    expect(JSON.stringify(logLines())).not.toMatch(/eyJ|a\.secret\.token/);
  });

  it('from another origin gets no leave to be read there', async () => {
    const response = await post('{"query":"{ __typename }"}', { origin: 'https://evil.test' });

    expect(response.headers.get('access-control-allow-origin')).toBe(null);
  });
});

describe('/health and /ready', () => {
  it('answer without a token', async () => {
    for (const path of ['/health', '/ready']) {
      const response = await fetch(new Request(`http://localhost${path}`));
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ status: path === '/ready' ? 'ready' : 'ok' });
      expect(response.headers.get('x-request-id')).toBeTruthy();
    }
  });

  it('take no other method', async () => {
    const response = await fetch(new Request('http://localhost/ready', { method: 'POST' }));

    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });
});

describe('an unknown path', () => {
  it('is not found', async () => {
    expect((await fetch(new Request('http://localhost/nowhere'))).status).toBe(404);
  });
});
