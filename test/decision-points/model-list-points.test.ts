import { describe, expect, it } from 'vitest';
import { aliasesOf } from '../kit/aliases.ts';
import { exceptionsOf, made } from '../kit/exceptions.ts';
import { anApiKey, RevokeApiKey } from '../kit/keys.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { aPlatformKey } from '../kit/platform-keys.ts';
import { refusalsOf } from '../kit/refusals.ts';
import { restOf } from '../kit/rest.ts';
import { setScope } from '../kit/scopes.ts';
import { nothingRemembered, startService, today } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

let now = today;
const service = await startService({ clock: () => now });
const { aWorld, anotherInstance, heard, takeStatements } = service;
const call = restOf(service);
const aliases = aliasesOf(service);
const exceptions = exceptionsOf(service, () => now);

const list = '/openai/v1/models';
const idsIn = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id);

/** An organization without Google, in which the member may not use `gpt-4o-mini`, with an alias. */
async function aGovernedWorld() {
  const world = await aWorld();
  await disable(world, { disabledProviders: ['google'] });
  await setScope(service, world, world.member.id, { disabledModels: ['gpt-4o-mini'] });
  await aliases.set(world, 'fast', ['openai/gpt-4o-mini', 'openai/gpt-4o']);
  const key = await anApiKey(service, world, ['READ']);
  await heard();
  return { ...world, key };
}

async function disable({ organization, admin }: World, change: object) {
  await service.ask(UpdateSettings, { input: { organizationId: organization.id, ...change } }, { as: admin });
}

const world = await aGovernedWorld();
const { member, admin, stranger, organization, foreignOrganization, key } = world;
const withKey = { headers: { authorization: `Bearer ${key.token}` } };

describe('GET /openai/v1/models', () => {
  it('lists what the caller may use, and nothing else', async () => {
    const { status, headers, body } = await call('GET', list, withKey);

    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(body.object).toBe('list');
    expect(idsIn(body)).toEqual(expect.arrayContaining(['fast', 'gpt-4o', 'gpt-4o-mini']));
    expect(idsIn(body).filter((id) => id.includes('gemini'))).toEqual([]);
    expect(body.data.find(({ id }: { id: string }) => id === 'gpt-4o-mini')).toMatchObject({
      object: 'model',
      created: expect.any(Number),
      owned_by: 'openai',
      name: 'GPT-4o mini',
      context_length: 128_000,
      pricing: { prompt: '0.00000015', completion: '0.0000006' },
    });
  });

  it('lists for each caller by its own rules, and an alias as what it may use of it', async () => {
    const { body: forMember } = await call('GET', list, { as: member });
    const { body: forAdmin } = await call('GET', list, { as: admin });
    const meaning = ({ data }: typeof forMember) => data.find(({ id }: { id: string }) => id === 'fast').resolves_to;

    expect(idsIn(forAdmin)).toContain('gpt-4o-mini');
    expect(idsIn(forMember)).toEqual(idsIn(forAdmin).filter((id) => !id.startsWith('gpt-4o-mini')));
    expect([meaning(forAdmin), meaning(forMember)]).toEqual(['openai/gpt-4o-mini', 'openai/gpt-4o']);
  });

  it('names all models by provider and key where that is asked for', async () => {
    const { body } = await call('GET', `${list}?ids=qualified`, withKey);

    expect(idsIn(body)).toEqual(expect.arrayContaining(['fast', 'openai/gpt-4o']));
    expect(idsIn(body).filter((id) => !id.includes('/'))).toEqual(['fast']);
    expect(await call('GET', `${list}?ids=short`, withKey)).toMatchObject({
      status: 400,
      body: { error: { type: 'invalid_request_error', message: 'ids: must be shortest or qualified' } },
    });
  });

  it('takes the key in x-api-key, as the clients of Anthropic send it', async () => {
    const { status, body } = await call('GET', list, { headers: { 'x-api-key': key.token } });

    expect([status, body.object]).toEqual([200, 'list']);
  });

  it('is of the organization that is named, and of no foreign one', async () => {
    const foreign = { ...withKey.headers, 'x-organization-id': foreignOrganization.id };
    const absent = { ...withKey.headers, 'x-organization-id': 'org_absent' };

    const [refused, alike] = [
      await call('GET', list, { headers: foreign }),
      await call('GET', list, { headers: absent }),
    ];
    expect(refused).toMatchObject({ status: 403, body: { error: { type: 'permission_error' } } });
    expect(alike.body.error.message.replace('org_absent', foreignOrganization.id)).toBe(refused.body.error.message);
    expect((await call('GET', list, { as: stranger, headers: { 'x-organization-id': organization.id } })).status).toBe(
      403,
    );
  });

  it('refuses whoever is not known, in the form of the API', async () => {
    const revoked = await anApiKey(service, world, ['READ']);
    await service.ask(RevokeApiKey, { input: { id: revoked.id } }, { as: world.owner });
    await heard();

    for (const headers of [{}, { authorization: 'Bearer no.token' }, { authorization: `Bearer ${revoked.token}` }]) {
      const refused = await call('GET', list, { headers });
      expect(refused).toMatchObject({
        status: 401,
        body: { error: { type: 'invalid_request_error', code: 'invalid_api_key', param: null } },
      });
      expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    }
    const { status, body } = await call('GET', list, {
      headers: { 'x-api-key': revoked.token, 'anthropic-version': '1' },
    });
    expect({ status, body }).toMatchObject({
      status: 401,
      body: { type: 'error', error: { type: 'authentication_error' } },
    });
  });

  it('is of the organization that the request of a platform key names', async () => {
    const { inOrganization, token } = await aPlatformKey(service.db, ['read']);
    const ask = ({ id }: { id: string }) => {
      const { headers } = inOrganization({ id });
      return call('GET', list, { headers: { ...headers, authorization: `Bearer ${token}` } });
    };

    const [here, there] = [await ask(organization), await ask(foreignOrganization)];
    expect([idsIn(here.body).includes('gemini-2.5-pro'), idsIn(there.body).includes('gemini-2.5-pro')]).toEqual([
      false,
      true,
    ]);
    expect(here.headers.get('etag')).not.toBe(there.headers.get('etag'));
    const nowhere = await call('GET', list, { headers: { authorization: `Bearer ${token}` } });
    expect(nowhere).toMatchObject({ status: 403, body: { error: { type: 'permission_error' } } });
  });

  it('needs the scope read', async () => {
    const other = await anApiKey(service, world, ['USAGE_WRITE']);
    await heard();

    expect(await call('GET', list, { headers: { authorization: `Bearer ${other.token}` } })).toMatchObject({
      status: 403,
      body: { error: { type: 'permission_error', message: 'This API key lacks the scope READ' } },
    });
  });

  it('is read by pages of the origins that may read', async () => {
    const origin = 'https://chat.example.com';
    const ask = restOf(anotherInstance({ corsOrigins: new Set([origin]) }));
    const asked = {
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'x-api-key,anthropic-version',
    };

    const preflight = await ask('OPTIONS', list, { headers: { origin, ...asked } });
    const read = await ask('GET', list, { headers: { origin, 'x-api-key': key.token }, once: true });

    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/\banthropic-version\b.*\bx-api-key\b/);
    expect([read.status, read.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
    expect(read.headers.get('vary')).toContain('Origin');
  });

  it('takes nothing but reads', async () => {
    const { status, headers, body } = await call('POST', list, { ...withKey, body: {} });

    expect([status, headers.get('allow'), body.error.type]).toEqual([405, 'GET, HEAD', 'invalid_request_error']);
  });

  it('reads nothing from the database where all is known', async () => {
    await call('GET', list, { ...withKey, once: true });
    takeStatements();

    await call('GET', list, { ...withKey, once: true });

    expect(takeStatements()).toEqual([]);
  });

  it('refuses whoever has spent its points, and says when to come again', async () => {
    const limited = restOf(anotherInstance({ limits: { viewerPoints: 60 } }));
    await limited('GET', list, { ...withKey, once: true });

    const { status, headers, body } = await limited('GET', list, withKey);

    expect({ status, body }).toMatchObject({ status: 429, body: { error: { code: 'rate_limit_exceeded' } } });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('the entity tag', () => {
  const tagOf = async (path = list, asking: object = withKey) =>
    (await call('GET', path, asking)).headers.get('etag') ?? '';
  const ifNotKnown = (etag: string, path = list) =>
    call('GET', path, { headers: { ...withKey.headers, 'if-none-match': etag } });

  it('answers 304 while nothing has changed, also where a proxy has made it weak', async () => {
    const etag = await tagOf();

    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const { status, headers, body } = await ifNotKnown(tag);
      expect([status, body, headers.get('etag')]).toEqual([304, undefined, etag]);
    }
    expect((await ifNotKnown('"other"')).status).toBe(200);
  });

  it('is another one for another caller, another form and other ids', async () => {
    const tags = [
      await tagOf(),
      await tagOf(list, { as: member }),
      await tagOf(list, { as: admin }),
      await tagOf(`${list}?ids=qualified`),
      await tagOf('/catalog/api.json'),
      await tagOf(`${list}/gpt-4o`),
      await tagOf(list, { headers: { ...withKey.headers, 'anthropic-version': '2023-06-01' } }),
    ];

    expect(new Set(tags).size).toBe(tags.length);
  });

  it('ends with a change of the policy', async () => {
    const other = await aGovernedWorld();
    const asking = { headers: { authorization: `Bearer ${other.key.token}` } };
    const etag = await tagOf(list, asking);

    await disable(other, { disabledModels: ['gpt-4o'] });
    await heard();
    const { status, body } = await call('GET', list, { headers: { ...asking.headers, 'if-none-match': etag } });

    expect(status).toBe(200);
    expect(idsIn(body)).not.toContain('gpt-4o');
  });

  it('ends by time alone, with an exception', async () => {
    const other = await aGovernedWorld();
    // The database leaves out by its own clock what has ended long ago.
    now = new Date(new Date().setUTCHours(36, 0, 0, 0));
    const until = new Date(now.getTime() + 60_000);
    try {
      const given = { subjectId: other.member.id, models: ['gpt-4o-mini'], until: until.toISOString() };
      made(await exceptions.grant(other, other.admin, given));
      await heard();
      const before = await call('GET', list, { as: other.member });
      expect(idsIn(before.body)).toContain('gpt-4o-mini');

      now = until;
      const headers = { 'if-none-match': before.headers.get('etag') ?? '' };
      const after = await call('GET', list, { as: other.member, headers });

      expect(after.status).toBe(200);
      expect(idsIn(after.body)).not.toContain('gpt-4o-mini');
    } finally {
      now = today;
    }
  });

  it('is the same of another process', async () => {
    const other = restOf(anotherInstance({ cache: nothingRemembered }));

    expect((await other('GET', list, withKey)).headers.get('etag')).toBe(await tagOf());
  });
});

describe('GET /openai/v1/models/{id}', () => {
  it.each(['gpt-4o', 'openai/gpt-4o', 'openai%2Fgpt-4o', 'GPT-4o'])('finds a model by %s', async (name) => {
    expect((await call('GET', `${list}/${name}`, withKey)).body).toMatchObject({ id: 'gpt-4o', object: 'model' });
  });

  it('finds an alias, as it is listed', async () => {
    const { body } = await call('GET', `${list}/fast?ids=qualified`, { as: member });

    expect(body).toMatchObject({ id: 'fast', resolves_to: 'openai/gpt-4o' });
  });

  it('answers 404 for what is not allowed, says why, and counts it', async () => {
    const { status, body } = await call('GET', `${list}/gpt-4o-mini`, { as: member });

    expect([status, body]).toEqual([
      404,
      {
        error: {
          message: 'Your organization does not allow GPT-4o mini',
          type: 'invalid_request_error',
          param: 'model',
          code: 'model_not_found',
          reasons: ['MODEL_DISABLED'],
        },
      },
    ]);
    expect(await refusalsOf(service, world)).toContainEqual(
      expect.objectContaining({
        subjectId: member.id,
        modelKey: 'openai/gpt-4o-mini',
        reason: 'MODEL_DISABLED',
        count: '1',
      }),
    );
  });

  it.each(['nothing', '__proto__', 'x'.repeat(5_000), 'mdl_openai%2Fgone', '..%2f..%2fhealth'])(
    'answers 404 for %s',
    async (name) => {
      const { status, body } = await call('GET', `${list}/${name}`, withKey);

      expect([status, body.error.code]).toEqual([404, 'model_not_found']);
      expect(body.error.message.length).toBeLessThan(300);
    },
  );

  it('refuses a name that is not encoded as it must be', async () => {
    expect((await call('GET', `${list}/%E0%A4%A`, withKey)).status).toBe(400);
  });
});

describe("Anthropic's form", () => {
  const headers = { 'x-api-key': key.token, 'anthropic-version': '2023-06-01' };

  it('has the same models, in pages', async () => {
    const { body } = await call('GET', `${list}?limit=1000&ids=qualified`, { headers });
    const { body: listed } = await call('GET', `${list}?ids=qualified`, withKey);

    expect(new Set(idsIn(body))).toEqual(new Set(idsIn(listed)));
    expect(body).toMatchObject({ has_more: false, first_id: body.data[0].id, last_id: body.data.at(-1).id });
    expect(body.data.find(({ id }: { id: string }) => id === 'openai/gpt-4o')).toMatchObject({
      type: 'model',
      display_name: 'GPT-4o',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT00:00:00Z$/),
    });
  });

  it('has its own errors', async () => {
    expect(await call('GET', `${list}?limit=0`, { headers })).toMatchObject({
      status: 400,
      body: {
        type: 'error',
        error: { type: 'invalid_request_error', message: 'limit: must be a number from 1 to 1000' },
      },
    });
    expect(await call('GET', `${list}/gemini-2.5-pro`, { headers })).toMatchObject({
      status: 404,
      body: { type: 'error', error: { type: 'not_found_error', reasons: ['PROVIDER_DISABLED'] } },
    });
  });
});

describe('GET /catalog/api.json', () => {
  it('has the models of the caller, and no provider without any', async () => {
    const { status, body } = await call('GET', '/catalog/api.json', { as: member });

    expect(status).toBe(200);
    expect(Object.keys(body)).not.toContain('google');
    expect(Object.keys(body.openai.models)).toContain('gpt-4o');
    expect(Object.keys(body.openai.models)).not.toContain('gpt-4o-mini');
  });

  it('is for nobody who is not known', async () => {
    expect((await call('GET', '/catalog/api.json')).status).toBe(401);
  });
});

describe('any other path below /openai', () => {
  it.each([
    ['POST', '/openai/v1/chat/completions'],
    ['GET', '/openai/v1'],
    ['DELETE', '/openai/v1/files/file-1'],
    ['OPTIONS', '/openai/v1/responses'],
    ['GET', '/openai'],
  ])('is 404 in the form of the API: %s %s', async (method, path) => {
    const { status, body } = await call(method, path, method === 'POST' ? { body: { model: 'gpt-4o' } } : {});

    expect(status).toBe(404);
    expect(body.error).toMatchObject({ type: 'invalid_request_error', code: 'not_found' });
    expect(body.error.message).toContain('Modelgate decides which models may be used; it forwards no calls');
  });

  it('is no other path that begins so', async () => {
    expect((await call('GET', '/openais')).body).not.toHaveProperty('error.type');
  });
});
