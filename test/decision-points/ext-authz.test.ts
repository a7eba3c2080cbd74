import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createCatalog } from '../../src/catalog/read-catalog.ts';
import { anEntry } from '../catalog/entries.ts';
import { aliasesOf } from '../kit/aliases.ts';
import { aCall, checksOf } from '../kit/ext-authz.ts';
import { tokenOf } from '../kit/issuer.ts';
import { anApiKey, RevokeApiKey } from '../kit/keys.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { aPlatformKey } from '../kit/platform-keys.ts';
import { refusalsOf } from '../kit/refusals.ts';
import { setScope } from '../kit/scopes.ts';
import { nothingRemembered, startService } from '../kit/service.ts';

const service = await startService({ extAuthz: { takesCutBodies: true }, limits: { bodyBytes: 100_000 } });
const check = await checksOf(service);
const world = await service.aWorld();
const { organization, member, admin, stranger, owner, foreignOrganization } = world;
await service.ask(
  UpdateSettings,
  { input: { organizationId: organization.id, disabledProviders: ['google'] } },
  { as: admin },
);
await setScope(service, world, member.id, { disabledModels: ['gpt-4o-mini'] });
const key = await anApiKey(service, world, ['READ']);
await service.heard();

const path = '/ext-authz/v1/chat/completions';
const asKey = { authorization: `Bearer ${key.token}` };
/** What a gateway sends that has its own credentials, and knows its user. */
const forMember = { 'x-modelgate-authorization': `Bearer ${key.token}`, 'x-modelgate-subject': member.id };
const reasonsOf = ({ status, headers, body }: Awaited<ReturnType<typeof check>>) => {
  expect(headers['x-modelgate-reasons']).toBe((body.error.reasons ?? [headers['x-modelgate-reasons']]).join(','));
  return [status, headers['x-modelgate-reasons']];
};

describe('a request as a proxy sends it', () => {
  it.each([
    ['Envoy', 'POST', path, { host: 'api.example.com', 'x-envoy-auth-partial-body': 'false', ...asKey }, true],
    ['Istio', 'POST', path, { ...forMember, authorization: 'Bearer sk-of-the-provider' }, true],
    ['agentgateway', 'POST', path, { ...asKey, host: 'llm.example.com', 'content-type': 'application/json' }, true],
    [
      'Traefik, with the body',
      'GET',
      '/ext-authz/',
      { ...asKey, 'x-forwarded-method': 'POST', 'x-forwarded-uri': '/v1/chat/completions' },
      true,
    ],
    ['HAProxy', 'POST', '/ext-authz/', { ...asKey, 'x-original-path': '/v1/chat/completions' }, true],
    [
      'nginx',
      'GET',
      '/ext-authz/',
      { ...asKey, 'x-modelgate-model': 'gpt-4o', 'x-original-uri': '/v1/chat/completions' },
      false,
    ],
    ['Envoy AI Gateway', 'POST', path, { ...asKey, 'x-ai-eg-model': 'gpt-4o' }, true],
  ])('is allowed: %s', async (_proxy, method, target, headers, hasBody) => {
    const { status, headers: answered } = await check(method, target, {
      headers,
      body: hasBody ? aCall('gpt-4o') : undefined,
    });

    expect(status).toBe(200);
    expect(answered).toMatchObject({ 'x-modelgate-model': 'openai/gpt-4o', 'cache-control': 'no-store' });
  });

  it('is refused with the reasons, in the form of OpenAI', async () => {
    const refused = await check('POST', path, { headers: asKey, body: aCall('gemini-2.5-pro') });

    expect(reasonsOf(refused)).toEqual([403, 'PROVIDER_DISABLED']);
    expect(refused.body).toEqual({
      error: {
        message: expect.stringMatching(/^Your organization does not allow models of the provider google/),
        type: 'permission_error',
        param: 'model',
        code: 'MODEL_NOT_ALLOWED',
        reasons: ['PROVIDER_DISABLED'],
      },
    });
    expect(refused.headers).not.toHaveProperty('x-modelgate-allowed-models');
    expect(reasonsOf(await check('POST', path, { headers: asKey, body: aCall('gone') }))).toEqual([
      403,
      'UNKNOWN_MODEL',
    ]);
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])(
    'is decided with any method: %s',
    async (method) => {
      const [allowed, refused] = [
        await check(method, path, { headers: asKey, body: aCall('gpt-4o') }),
        await check(method, path, { headers: asKey, body: aCall('gemini-2.5-pro') }),
      ];
      expect([allowed.status, refused.status]).toEqual([200, 403]);
    },
  );

  it('names the models that are allowed, as many as fit into a header', async () => {
    const { headers } = await check('POST', path, { headers: forMember, body: aCall('gpt-4o') });
    const list = String(headers['x-modelgate-allowed-models']);

    expect(list.length).toBeLessThanOrEqual(2_000);
    expect(list.length).toBeGreaterThan(1_500);
    for (const name of list.split(',').slice(-5))
      expect((await check('GET', path, { headers: { ...forMember, 'x-modelgate-model': name } })).status).toBe(200);
  });
});

describe('the caller', () => {
  it('is decided on by its own rules', async () => {
    const body = aCall('gpt-4o-mini');
    const ofMember = { authorization: `Bearer ${await tokenOf(member)}` };

    expect((await check('POST', path, { headers: asKey, body })).status).toBe(200);
    expect(reasonsOf(await check('POST', path, { headers: ofMember, body }))).toEqual([403, 'MODEL_DISABLED']);
    expect(reasonsOf(await check('POST', path, { headers: forMember, body }))).toEqual([403, 'MODEL_DISABLED']);
  });

  it('can have its key without Bearer', async () => {
    const headers = { ...forMember, 'x-modelgate-authorization': key.token };

    expect((await check('POST', path, { headers, body: aCall('gpt-4o') })).status).toBe(200);
  });

  it('is unknown without credentials, and with those of a provider or of a key that was revoked', async () => {
    const revoked = await anApiKey(service, world, ['READ']);
    await service.ask(RevokeApiKey, { input: { id: revoked.id } }, { as: owner });
    await service.heard();

    for (const authorization of [undefined, 'Bearer sk-of-the-provider', `Bearer ${revoked.token}`, 'Basic dTpw']) {
      const refused = await check('POST', path, {
        headers: authorization ? { authorization } : {},
        body: aCall('gpt-4o'),
      });
      expect(reasonsOf(refused)).toEqual([401, 'AUTHENTICATION_REQUIRED']);
      expect(refused.body.error).toMatchObject({ code: 'invalid_api_key' });
      if (!authorization) expect(refused.body.error.message).toContain('x-modelgate-authorization or Authorization');
    }
    const headers = { ...asKey, 'x-modelgate-authorization': 'Bearer no.token' };
    expect((await check('POST', path, { headers, body: aCall('gpt-4o') })).status).toBe(401);
  });

  it('asks for nobody of another organization', async () => {
    const body = aCall('gpt-4o');
    const foreign = { ...forMember, 'x-modelgate-subject': stranger.id };
    const elsewhere = { ...asKey, 'x-organization-id': foreignOrganization.id };

    expect(reasonsOf(await check('POST', path, { headers: foreign, body }))).toEqual([403, 'NOT_A_MEMBER']);
    expect(reasonsOf(await check('POST', path, { headers: elsewhere, body }))).toEqual([
      403,
      'ORGANIZATION_ACCESS_DENIED',
    ]);
  });

  it('asks for others only where it may', async () => {
    const headers = { authorization: `Bearer ${await tokenOf(member)}`, 'x-modelgate-subject': admin.id };
    const writer = await anApiKey(service, world, ['USAGE_WRITE']);
    await service.heard();

    expect(reasonsOf(await check('POST', path, { headers, body: aCall('gpt-4o-mini') }))).toEqual([
      403,
      'INSUFFICIENT_PERMISSIONS',
    ]);
    const withoutRead = { authorization: `Bearer ${writer.token}` };
    expect(reasonsOf(await check('POST', path, { headers: withoutRead, body: aCall('gpt-4o') }))).toEqual([
      403,
      'INSUFFICIENT_PERMISSIONS',
    ]);
  });

  it.each(['', 'nobody', 'usr_a, usr_b', `usr_${'x'.repeat(500)}`])(
    'is refused as no subject: "%s"',
    async (subject) => {
      const headers = { ...forMember, 'x-modelgate-subject': subject };
      const refused = await check('POST', path, { headers, body: aCall('gpt-4o') });

      expect(reasonsOf(refused)).toEqual([400, 'VALIDATION_ERROR']);
      expect(refused.body.error.message).toMatch(/^x-modelgate-subject: must be the id of a user/);
    },
  );

  it('is a gateway of all organizations, with a platform key, in the one that it names', async () => {
    const { token } = await aPlatformKey(service.db, ['read']);
    const ask = (headers: Record<string, string>) =>
      check('POST', path, {
        headers: { 'x-modelgate-authorization': token, ...headers },
        body: aCall('gemini-2.5-pro'),
      });

    expect(reasonsOf(await ask({ 'x-organization-id': organization.id }))).toEqual([403, 'PROVIDER_DISABLED']);
    expect((await ask({ 'x-organization-id': foreignOrganization.id })).status).toBe(200);
    const elsewhere = { 'x-organization-id': foreignOrganization.id, 'x-modelgate-subject': member.id };
    expect(reasonsOf(await ask(elsewhere))).toEqual([403, 'NOT_A_MEMBER']);
    expect(reasonsOf(await ask({ 'x-organization-id': 'org_absent' }))).toEqual([403, 'ORGANIZATION_ACCESS_DENIED']);
    expect(reasonsOf(await ask({}))).toEqual([403, 'ORGANIZATION_ACCESS_DENIED']);
  });

  it('is refused while the database does not answer', async () => {
    const slow = await checksOf(service.anotherInstance({ cache: nothingRemembered, limits: { executionMs: 500 } }));
    const client = new pg.Client({ connectionString: service.database.ownerUrl });
    await client.connect();
    try {
      await client.query('BEGIN; LOCK TABLE "Organization", "ApiKey" IN ACCESS EXCLUSIVE MODE');

      const refused = await slow('POST', path, { headers: asKey, body: aCall('gpt-4o') });

      expect(reasonsOf(refused)).toEqual([503, 'SERVICE_UNAVAILABLE']);
      expect(refused.body.error).toMatchObject({ type: 'server_error' });
    } finally {
      await client.end();
    }
  });

  it('is told when it has spent its points', async () => {
    const limited = await checksOf(service.anotherInstance({ limits: { viewerPoints: 4 } }));
    await limited('POST', path, { headers: asKey, body: aCall('gpt-4o') });

    const refused = await limited('POST', path, { headers: asKey, body: aCall('gpt-4o') });

    expect(reasonsOf(refused)).toEqual([429, 'RATE_LIMITED']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('is counted with what it was refused', async () => {
    const other = await service.aWorld();
    const { token } = await anApiKey(service, other, ['READ']);
    await setScope(service, other, other.member.id, { disabledModels: ['gpt-4o'] });
    await service.heard();
    const headers = { 'x-modelgate-authorization': token, 'x-modelgate-subject': other.member.id };

    for (let times = 0; times < 3; times += 1) await check('POST', path, { headers, body: aCall('gpt-4o') });

    expect(await refusalsOf(service, other)).toEqual([
      expect.objectContaining({
        subjectId: other.member.id,
        modelKey: 'openai/gpt-4o',
        reason: 'MODEL_DISABLED',
        count: '3',
      }),
    ]);
  });
});

describe('the model', () => {
  const of = (body: string | Buffer | undefined, headers: object = {}) =>
    check('POST', path, { headers: { ...asKey, ...headers } as Record<string, string>, body });
  const whole = aCall('gpt-4o', 'A long question'.repeat(20));

  it('is not in a request without a body, or with one that has none', async () => {
    for (const body of [undefined, '{}', '{"messages":[]}', '[]', 'model=gpt-4o', '{"model":null}', '\u0000'])
      expect(reasonsOf(await of(body))).toEqual([403, 'MODEL_NOT_IN_REQUEST']);
  });

  it.each([
    ['no body was sent here', undefined, {}],
    ['its body has no model', '{"messages":[]}', {}],
    ['the model of its body is not text', '{"model":["gpt-4o"]}', {}],
    ['the content type of its body is not JSON', whole, { 'content-type': 'text/plain' }],
    ['its body is not a JSON object', '["model"]', {}],
    ['its body is encoded, or is not UTF-8', whole, { 'content-encoding': 'gzip' }],
    ['its body ends before its model, as far as it was sent here', whole.slice(0, 12), {}],
  ])('is not in a request, which is told why: %s', async (why, body, headers) => {
    expect((await of(body, headers)).body.error).toMatchObject({
      message: `The request does not say which model it is for: no header names it, and ${why}`,
      code: 'MODEL_NOT_IN_REQUEST',
    });
  });

  it('is decided by the beginning of a body that was cut behind it, and not found in one that was cut before', async () => {
    const partial = { 'x-envoy-auth-partial-body': 'true' };

    expect((await of(whole.slice(0, 60), partial)).status).toBe(200);
    expect(reasonsOf(await of(whole.slice(0, 12), partial))).toEqual([403, 'MODEL_NOT_IN_REQUEST']);
    const late = JSON.stringify({ messages: ['x'.repeat(500)], model: 'gpt-4o' });
    expect(reasonsOf(await of(late.slice(0, 300), partial))).toEqual([403, 'MODEL_NOT_IN_REQUEST']);
  });

  it('is found where a character was cut', async () => {
    const bytes = Buffer.from(aCall('gpt-4o', '💡💡💡'));
    const end = bytes.indexOf('💡') + 6;

    for (let cut = end; cut < end + 4; cut += 1) expect((await of(bytes.subarray(0, cut))).status).toBe(200);
  });

  it('is decided by the beginning of a body that is longer than the limit', async () => {
    const long = 'x'.repeat(3_000_000);

    expect((await of(aCall('gpt-4o', long))).status).toBe(200);
    expect((await of(aCall('gemini-2.5-pro', long))).status).toBe(403);
    expect(reasonsOf(await of(JSON.stringify({ messages: [long], model: 'gpt-4o' })))).toEqual([
      403,
      'MODEL_NOT_IN_REQUEST',
    ]);
  });

  it('is not decided by a beginning where that is switched off', async () => {
    const strict = await checksOf(
      service.anotherInstance({ extAuthz: { takesCutBodies: false }, limits: { bodyBytes: 1_000 } }),
    );
    const ask = (body: string, headers: object = {}) =>
      strict('POST', path, { headers: { ...asKey, ...headers } as Record<string, string>, body });

    expect((await ask(whole)).status).toBe(200);
    expect(reasonsOf(await ask(whole, { 'x-envoy-auth-partial-body': 'true' }))).toEqual([403, 'BODY_CUT']);
    expect(reasonsOf(await ask(whole.slice(0, -1)))).toEqual([403, 'BODY_CUT']);
    expect(reasonsOf(await ask(aCall('gpt-4o', 'x'.repeat(2_000))))).toEqual([403, 'BODY_CUT']);
    expect(reasonsOf(await ask(`${whole}${' '.repeat(2_000)}${aCall('gemini-2.5-pro')}`))).toEqual([403, 'BODY_CUT']);
    // What is behind the cut could contradict a header.
    const named = { 'x-modelgate-model': 'gpt-4o' };
    const late = JSON.stringify({ messages: ['x'.repeat(2_000)], model: 'gemini-2.5-pro' });
    expect(reasonsOf(await ask(late, named))).toEqual([403, 'BODY_CUT']);
    expect(reasonsOf(await ask('{"messages":[', named))).toEqual([403, 'BODY_CUT']);
    expect(reasonsOf(await ask('{}', { ...named, 'x-envoy-auth-partial-body': 'true' }))).toEqual([403, 'BODY_CUT']);
    expect((await ask('{}', named)).status).toBe(200);
    const form = { ...named, 'content-type': 'multipart/form-data; boundary=b' };
    expect((await ask(`--b${' '.repeat(2_000)}`, form)).status).toBe(200);
  });

  it.each([
    ['two in the body', '{"model":"gpt-4o","model":"gemini-2.5-pro"}', {}],
    ['one in another case', '{"model":"gpt-4o","Model":"gemini-2.5-pro"}', {}],
    ['another in the header', aCall('gpt-4o'), { 'x-modelgate-model': 'gpt-4.1' }],
    ['another in the header of Envoy AI Gateway', aCall('gpt-4o'), { 'x-ai-eg-model': 'gpt-4.1' }],
  ])('is ambiguous: %s', async (_what, body, headers) => {
    expect(reasonsOf(await of(body, headers))).toEqual([403, 'MODEL_AMBIGUOUS']);
  });

  it.each([
    ['a second one behind one that is no text', '{"model":null,"model":"gemini-2.5-pro"}'],
    ['one that is no text', '{"model":["gemini-2.5-pro"]}'],
    ['one beside what only some parsers read', '{"temperature":NaN,"model":"gemini-2.5-pro"}'],
    ['one with more behind the object', `${aCall('gemini-2.5-pro')},`],
    ['one in UTF-16', Buffer.from(aCall('gemini-2.5-pro'), 'utf16le')],
    ['one in UTF-16 of the other order', Buffer.from(aCall('gemini-2.5-pro'), 'utf16le').swap16()],
    ['one in a body that is encoded', aCall('gemini-2.5-pro'), { 'content-encoding': 'gzip' }],
    ['another under no type of JSON', aCall('gpt-4.1'), { 'content-type': 'text/plain' }],
  ])('is not that of the header alone where the body could give %s', async (_what, body, more: object = {}) => {
    const headers = { 'content-type': 'application/json', 'x-modelgate-model': 'gpt-4o', ...more };
    expect(reasonsOf(await of(body, headers))).toEqual([403, 'MODEL_AMBIGUOUS']);
  });

  it('is one where header and body call the same one differently, and must be allowed by both', async () => {
    expect((await of(aCall('gpt-4o'), { 'x-modelgate-model': 'openai/GPT-4o' })).status).toBe(200);
    expect(reasonsOf(await of(aCall('gpt-4o'), { 'x-modelgate-model': 'gemini-2.5-pro' }))).toEqual([
      403,
      'PROVIDER_DISABLED',
    ]);
    expect(reasonsOf(await of(aCall('gemini-2.5-pro'), { 'x-modelgate-model': 'gpt-4o' }))).toEqual([
      403,
      'PROVIDER_DISABLED',
    ]);
  });

  it('is that of the header where the body is of another kind', async () => {
    const form = '--b\r\nContent-Disposition: form-data; name="model"\r\n\r\ngpt-4o\r\n--b--';
    const type = { 'content-type': 'multipart/form-data; boundary=b' };

    expect(reasonsOf(await of(form, type))).toEqual([403, 'MODEL_NOT_IN_REQUEST']);
    expect(reasonsOf(await of(form))).toEqual([403, 'MODEL_NOT_IN_REQUEST']);
    expect(reasonsOf(await of(`{"model":"gpt-4o"}\r\n${form}`, type))).toEqual([403, 'MODEL_NOT_IN_REQUEST']);
    expect((await of(form, { ...type, 'x-modelgate-model': 'gpt-4o' })).status).toBe(200);
    const sound = Buffer.from([0xff, 0xfb, 0x90, 0x00]);
    expect((await of(sound, { 'x-modelgate-model': 'gpt-4o' })).status).toBe(200);
    expect(reasonsOf(await of(sound))).toEqual([403, 'MODEL_NOT_IN_REQUEST']);
  });

  it('is not read from what is encoded or no UTF-8', async () => {
    const body = aCall('gpt-4o');

    expect(reasonsOf(await of(body, { 'content-encoding': 'gzip' }))).toEqual([403, 'MODEL_NOT_IN_REQUEST']);
    expect(reasonsOf(await of(body, { 'content-type': 'application/json; charset=utf-16' }))).toEqual([
      403,
      'MODEL_NOT_IN_REQUEST',
    ]);
    expect(reasonsOf(await of(Buffer.from(aCall('gpt-4o', 'Zürich'), 'latin1')))).toEqual([
      403,
      'MODEL_NOT_IN_REQUEST',
    ]);
  });

  it('of an alias is the one that it stands for', async () => {
    await aliasesOf(service).set(world, 'fast', ['google/gemini-2.5-pro', 'openai/gpt-4o']);
    await service.heard();

    expect((await of(aCall('FAST'))).headers['x-modelgate-model']).toBe('openai/gpt-4o');
  });

  it('is not hidden by an alias of its name, since the provider is sent the name', async () => {
    // The catalog has gained the model since.
    const catalog = createCatalog([anEntry({ provider: 'openai', modelId: 'gpt-4o' })]);
    await aliasesOf(service.anotherInstance({ catalog })).set(world, 'gemini-2-5', ['openai/gpt-4o']);
    const later = createCatalog([
      anEntry({ provider: 'openai', modelId: 'gpt-4o' }),
      anEntry({ provider: 'google', modelId: 'gemini-2-5' }),
    ]);
    await service.heard();
    const ask = await checksOf(service.anotherInstance({ catalog: later }));

    const refused = await ask('POST', path, { headers: asKey, body: aCall('gemini-2-5') });

    expect(reasonsOf(refused)).toEqual([403, 'PROVIDER_DISABLED']);
  });

  it('of a body that is let through is allowed, however the body is written', async () => {
    const text = fc.constantFrom('gpt-4o', 'gemini-2.5-pro', 'gpt-4.1', '', 'GPT-4o');
    const name = fc.constantFrom('model', 'Model', 'messages', 'mod\\u0065l', 'a', '__proto__');
    const value = fc.oneof(
      text.map((one) => JSON.stringify(one)),
      fc.constantFrom('1', '{"model":"gpt-4o"}', '[]', 'NaN', ''),
    );
    const bodies = fc
      .array(fc.tuple(name, value), { maxLength: 4 })
      .map((entries) => `{${entries.map(([one, other]) => `"${one}":${other}`).join(',')}}`);
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        if ((await of(body)).status !== 200) return;
        expect(['gpt-4o', 'gpt-4.1', 'GPT-4o']).toContain((JSON.parse(body) as { model: string }).model);
      }),
      { numRuns: 150 },
    );
  });
});

describe('nothing but the point', () => {
  it.each([
    '/ext-authz/../health',
    '/ext-authz/%2e%2e/health',
    '/ext-authz/./../ready',
    '/ext-authz//health',
    '/ext-authz/../openai/v1/models',
    '/ext-authz/../.well-known/authzen-configuration',
    '/ext-authz?model=gpt-4o',
    '/ext-authz/health?x=/../',
  ])('answers a path of a call: %s', async (target) => {
    for (const method of ['GET', 'OPTIONS', 'POST'])
      expect(reasonsOf(await check(method, target, { headers: asKey }))).toEqual([403, 'MODEL_NOT_IN_REQUEST']);
  });

  it('takes no path that only begins like its own', async () => {
    for (const target of ['/ext-authz-health', '/ext-authz-x/../health'])
      expect((await check('GET', target, { headers: asKey })).status).toBe(404);
  });

  it('is 404 for all where it is off', async () => {
    const off = await checksOf(service.anotherInstance({ extAuthz: undefined }));

    for (const target of [path, '/ext-authz/', '/ext-authz', '/ext-authz/../health'])
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        const { status, body } = await off(method, target, { headers: asKey, body: aCall('gpt-4o') });
        expect([status, body.error?.code]).toEqual([404, 'not_found']);
      }
  });
});

describe('a body', () => {
  it('is in no log', async () => {
    const secret = 'the-prompt-of-a-patient';
    await check('POST', path, { headers: asKey, body: aCall('gpt-4o', secret) });
    await check('POST', `${path}?key=${secret}`, { headers: asKey, body: aCall('gemini-2.5-pro', secret) });
    await check('POST', path, { headers: asKey, body: `{"model":"gpt-4o","a":"${secret}` });
    await check('POST', path, { headers: asKey, body: `not JSON ${secret}` });

    expect(service.logLines().at(-1)).toMatchObject({ method: 'POST', status: 403, viewerId: key.id });
    expect(JSON.stringify(service.logLines())).not.toContain(secret);
  });

  it('can come slowly, in pieces of one byte', async () => {
    const { url, close } = await listenOnLoopback(service.listener);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.setNoDelay(true);
    const body = aCall('gpt-4o');
    const head = [
      `POST ${path} HTTP/1.1`,
      'host: a',
      `authorization: Bearer ${key.token}`,
      `content-length: ${body.length}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    for (const byte of body) {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    close();

    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it('in thousands of pieces is decided by its beginning', async () => {
    const { url, close } = await listenOnLoopback(service.listener);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const head = [
      `POST ${path} HTTP/1.1`,
      'host: a',
      `authorization: Bearer ${key.token}`,
      'transfer-encoding: chunked',
    ];
    const body = JSON.stringify({ messages: ['x'.repeat(3_000)], model: 'gpt-4o' });
    const chunks = [...body].map((byte) => `1\r\n${byte}\r\n`);
    socket.write(`${head.join('\r\n')}\r\n\r\n${chunks.join('')}0\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    close();

    expect(answer.toString()).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer.toString()).toContain('x-modelgate-reasons: MODEL_NOT_IN_REQUEST');
  });

  it('that ends with its connection harms nobody', async () => {
    const { url, close } = await listenOnLoopback(service.listener);
    for (let times = 0; times < 5; times += 1) {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${key.token}\r\ncontent-length: 1000\r\n\r\n{"model":`,
      );
      await once(socket, 'connect');
      socket.destroy();
      await once(socket, 'close');
    }
    close();

    expect((await check('POST', path, { headers: asKey, body: aCall('gpt-4o') })).status).toBe(200);
  });
});
