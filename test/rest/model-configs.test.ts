import { describe, expect, it } from 'vitest';
import { aProviderKey, UpdateProviderKey } from '../kit/keys.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld } = service;
const call = restOf(service);

const path = '/v1/model-configs';
const iso = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

/** A configuration of the member's own. */
async function aConfig({ member }: World, body: object = {}) {
  const created = await call('POST', path, { as: member, body: { provider: 'openai', modelId: 'gpt-4.1', ...body } });
  expect(created.status).toBe(201);
  return created.body;
}

const disable = ({ organization, admin }: World, disabledModels: string[]) =>
  ask(UpdateSettings, { input: { organizationId: organization.id, disabledModels } }, { as: admin });

/** The answer to a body or an id that is refused. */
const fault = (path: string, code: string) => ({
  status: 400,
  body: { error: 'Validation error', details: [{ message: expect.any(String), code, path }] },
});

describe('POST /v1/model-configs', () => {
  it("configures a model, as the caller's own", async () => {
    const { organization, member } = await aWorld();

    const { status, body } = await call('POST', path, {
      as: member,
      body: { provider: 'openai', modelId: 'gpt-4.1', settings: { maxTokens: 1000, temperature: 0.7 } },
    });

    expect({ status, body }).toEqual({
      status: 201,
      body: {
        id: expect.stringMatching(/^cfg_/),
        userId: member.id,
        organizationId: organization.id,
        provider: 'openai',
        modelId: 'gpt-4.1',
        providerKeyId: null,
        isEnabled: true,
        isDefault: false,
        settings: { maxTokens: 1000, temperature: 0.7 },
        createdAt: iso,
        updatedAt: iso,
        displayName: 'GPT-4.1',
        creator: 'openai',
        creatorDisplayName: 'OpenAI',
        costPer1kTokens: 0.005,
        inputCostPer1kTokens: 0.002,
        outputCostPer1kTokens: 0.008,
        supportsCustomKey: true,
        keyStatus: 'needs_setup',
        maxOutputTokens: 32768,
        supportsStreaming: true,
        supportedResponseFormats: ['text', 'JSON'],
        supportsSearch: expect.any(Boolean),
        reasoningCapability: { supported: false },
        configScope: 'user',
      },
    });
    // In the order of the definition, as generated clients print them.
    expect(Object.keys(body).slice(0, 13).join(' ')).toBe(
      'id userId organizationId provider modelId providerKeyId isEnabled isDefault settings createdAt updatedAt displayName creator',
    );
  });

  it('has its effect once for an Idempotency-Key', async () => {
    const { member } = await aWorld();
    const body = { provider: 'openai', modelId: 'gpt-4.1' };
    const create = () => call('POST', path, { as: member, body, headers: { 'idempotency-key': 'first' } });

    const [first, second] = [await create(), await create()];

    expect(second).toMatchObject({ status: 201, body: first.body });
    expect((await call('GET', path, { as: member })).body).toMatchObject({ total: 1 });
  });

  it('takes a key of the organization', async () => {
    const world = await aWorld();
    const { id } = await aProviderKey(service, world);

    expect(await aConfig(world, { providerKeyId: id })).toMatchObject({ providerKeyId: id, keyStatus: 'custom' });
  });

  it.each([
    [{ modelId: 'gpt-4.1' }, 'provider', 'MISSING_REQUIRED_FIELD'],
    [{ provider: 'openai' }, 'modelId', 'MISSING_REQUIRED_FIELD'],
    [{ provider: 'openai', modelId: '' }, 'modelId', 'INVALID_VALUE'],
    [{ provider: 7, modelId: 'gpt-4.1' }, 'provider', 'INVALID_VALUE'],
    [{ provider: 'openai', modelId: 'gpt-4.1', isDefault: true }, 'isDefault', 'UNKNOWN_FIELD'],
    [{ provider: 'openai', modelId: 'gpt-4.1', settings: [] }, 'settings', 'INVALID_VALUE'],
    [
      { provider: 'openai', modelId: 'gpt-4.1', settings: { temperature: 3 } },
      'settings.temperature',
      'VALIDATION_ERROR',
    ],
    [
      { provider: 'openai', modelId: 'gpt-4.1', settings: { maxTokens: 1e9 } },
      'settings.maxTokens',
      'VALIDATION_ERROR',
    ],
    [[], '', 'INVALID_VALUE'],
    ['null', '', 'INVALID_VALUE'],
  ])('refuses %j, and says where and why', async (body, path, code) => {
    const { member } = await aWorld();

    expect(await call('POST', '/v1/model-configs', { as: member, body })).toMatchObject(fault(path, code));
  });

  it('refuses providers and models that cannot be', async () => {
    const world = await aWorld();
    await disable(world, ['gpt-4o']);
    const create = (provider: string, modelId: string) =>
      call('POST', path, { as: world.member, body: { provider, modelId } });

    expect(await create('modelsocket', 'google/gemma-4-26b-a4b-it')).toMatchObject({
      status: 400,
      body: {
        error: 'Invalid provider slugs: modelsocket',
        details: [
          {
            code: 'INVALID_PROVIDER_SLUG',
            path: 'provider',
            suggestion: 'One of aitronos, anthropic, cohere, google, mistral, openai',
          },
        ],
      },
    });
    expect(await create('openai', 'gpt-4o')).toMatchObject({
      status: 400,
      body: {
        error: expect.stringContaining('MODEL_DISABLED'),
        details: [{ code: 'MODEL_NOT_ALLOWED', path: 'modelId' }],
      },
    });
    expect(await create('openai', 'gpt-99')).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('UNKNOWN_MODEL') },
    });
  });

  it('refuses a foreign key as it does an absent one', async () => {
    const world = await aWorld();
    const foreign = await aProviderKey(service, await aWorld());
    const otherProvider = await aProviderKey(service, world, { provider: 'anthropic' });
    const off = await aProviderKey(service, world);
    await ask(UpdateProviderKey, { input: { id: off.id, isActive: false } }, { as: world.admin });

    const ids = ['key_absent', foreign.id, otherProvider.id, off.id];
    const answers = await Promise.all(
      ids.map((providerKeyId) =>
        call('POST', path, { as: world.member, body: { provider: 'openai', modelId: 'gpt-4.1', providerKeyId } }),
      ),
    );

    for (const { status, body } of answers) expect({ status, body }).toEqual({ status: 400, body: answers[0]?.body });
    expect(answers[0]?.body.details).toMatchObject([{ code: 'INVALID_PROVIDER_KEY', path: 'providerKeyId' }]);
  });
});

describe('PUT /v1/model-configs/{id}', () => {
  it("makes the reference's changes: what is absent stays, settings are replaced whole", async () => {
    const world = await aWorld();
    const { id, ...created } = await aConfig(world, { settings: { temperature: 0.1, tone: 'brief' } });
    const put = (body: object) => call('PUT', `${path}/${id}`, { as: world.member, body });

    expect(await put({})).toMatchObject({ status: 200, body: { id, ...created } });
    expect(await put({ isEnabled: true, settings: { maxTokens: 1500, temperature: 0.9 } })).toMatchObject({
      status: 200,
      body: { ...created, settings: { maxTokens: 1500, temperature: 0.9 }, updatedAt: iso },
    });
    const { body } = await put({});
    expect(body.settings).toEqual({ maxTokens: 1500, temperature: 0.9 });
    expect(body.updatedAt).not.toBe(created.updatedAt);
  });

  it('makes one the default, unmakes the other, and clears it', async () => {
    const world = await aWorld();
    const [one, other] = [await aConfig(world), await aConfig(world)];
    const put = (id: string, body: object) => call('PUT', `${path}/${id}`, { as: world.member, body });
    const defaults = async () => {
      const { body } = await call('GET', path, { as: world.member });
      return body.data.filter(({ isDefault }: { isDefault: boolean }) => isDefault).map(({ id }: { id: string }) => id);
    };

    await put(one.id, { isDefault: true });
    expect(await put(other.id, { isDefault: true })).toMatchObject({ status: 200, body: { isDefault: true } });
    expect(await defaults()).toEqual([other.id]);
    expect(await put(other.id, { isEnabled: false })).toMatchObject({
      status: 400,
      body: { details: [{ code: 'DEFAULT_CONFIG' }] },
    });
    expect(await put(other.id, { isDefault: false, isEnabled: false })).toMatchObject({
      status: 200,
      body: { isDefault: false, isEnabled: false },
    });
    expect(await defaults()).toEqual([]);
  });

  it('takes a key away with null, and refuses one that cannot be used', async () => {
    const world = await aWorld();
    const key = await aProviderKey(service, world);
    const { id } = await aConfig(world, { providerKeyId: key.id });
    const put = (providerKeyId: unknown) => call('PUT', `${path}/${id}`, { as: world.member, body: { providerKeyId } });

    expect(await put('key_absent')).toMatchObject({ status: 400, body: { details: [{ path: 'providerKeyId' }] } });
    expect(await put('')).toMatchObject(fault('providerKeyId', 'VALIDATION_ERROR'));
    expect(await put(null)).toMatchObject({ status: 200, body: { providerKeyId: null } });
  });

  it.each([
    [{ provider: 'anthropic' }, 'provider', 'UNKNOWN_FIELD'],
    [{ settings: null }, 'settings', 'INVALID_VALUE'],
    [{ isEnabled: 'true' }, 'isEnabled', 'INVALID_VALUE'],
    [{ isDefault: null }, 'isDefault', 'INVALID_VALUE'],
    [{ providerKeyId: 4 }, 'providerKeyId', 'INVALID_VALUE'],
  ])('refuses %j, and changes nothing', async (body, path, code) => {
    const world = await aWorld();
    const created = await aConfig(world);
    const url = `/v1/model-configs/${created.id}`;

    expect(await call('PUT', url, { as: world.member, body })).toMatchObject(fault(path, code));

    expect((await call('PUT', url, { as: world.member, body: {} })).body).toEqual(created);
  });
});

describe('PATCH /v1/model-configs/{id}/status and /default', () => {
  it('switch it, and make it the default', async () => {
    const world = await aWorld();
    const { id } = await aConfig(world);
    const patch = (what: string, body?: unknown) => call('PATCH', `${path}/${id}/${what}`, { as: world.member, body });

    expect(await patch('status', { isEnabled: false })).toMatchObject({
      status: 200,
      body: { success: true, message: 'Model configuration disabled' },
    });
    expect(await patch('default')).toMatchObject({ status: 400, body: { details: [{ code: 'DEFAULT_CONFIG' }] } });
    expect((await patch('status', { isEnabled: true })).body).toEqual({
      success: true,
      message: 'Model configuration enabled',
    });
    for (const body of [undefined, {}, '']) {
      expect(await patch('default', body)).toMatchObject({
        status: 200,
        body: { success: true, message: expect.any(String), data: { id, isDefault: true } },
      });
    }
    expect(await patch('status', {})).toMatchObject(fault('isEnabled', 'MISSING_REQUIRED_FIELD'));
    expect(await patch('default', { isDefault: false })).toMatchObject(fault('isDefault', 'UNKNOWN_FIELD'));
  });
});

describe('DELETE /v1/model-configs/{id}', () => {
  it('answers 204 without a body, and 404 the second time', async () => {
    const world = await aWorld();
    const { id } = await aConfig(world);

    expect(await call('DELETE', `${path}/${id}`, { as: world.member })).toMatchObject({ status: 204, body: undefined });
    expect(await call('DELETE', `${path}/${id}`, { as: world.member })).toMatchObject({
      status: 404,
      body: { error: 'Model configuration not found' },
    });
  });
});

describe('an id', () => {
  const changes = [
    ['PUT', '', {}],
    ['PATCH', '/status', { isEnabled: true }],
    ['PATCH', '/default', undefined],
    ['DELETE', '', undefined],
  ] as const;

  it.each(changes)('of nothing is refused by %s {id}%s: malformed or absent', async (method, suffix, body) => {
    const world = await aWorld();
    const { id: foreign } = await aConfig(await aWorld());
    const on = (id: string, as = world.member) => call(method, `${path}/${id}${suffix}`, { as, body });

    for (const id of [
      'available',
      '7d444840-9dc0-11d1-b245-5ffdce74fad2',
      'cfg-1',
      'cfg_',
      'mdl_x',
      'cfg_%00',
      'cfg_%E4',
    ]) {
      expect(await on(id)).toMatchObject({ status: 400, body: { error: 'Invalid config ID' } });
    }
    const absent = await on('cfg_00000000000000000000000000');
    expect(absent).toMatchObject({ status: 404, body: { error: 'Model configuration not found' } });
    expect((await on(foreign)).body).toEqual(absent.body);
    // A colleague's own is no less hidden.
    const { id: own } = await aConfig(world);
    expect((await on(own, world.admin)).body).toEqual(absent.body);
  });
});

describe('who may not', () => {
  it('is told so before anything is said of the body or the id', async () => {
    const world = await aWorld();
    const shared = await service.db.modelConfig.create({
      data: {
        ...{ id: `cfg_${world.organization.id}`, organizationId: world.organization.id, userId: null },
        ...{ provider: 'openai', modelId: 'gpt-4.1', settings: {}, creatorId: world.admin.id },
        ...{ createdAt: new Date(), updatedAt: new Date() },
      },
    });

    for (const body of [{}, { nonsense: 1 }, '{', '[]']) {
      expect(await call('PUT', `${path}/${shared.id}`, { as: world.member, body })).toMatchObject({
        status: 403,
        body: { error: 'You must be an Admin or Owner to perform this action' },
      });
      for (const [method, url] of [
        ['POST', path],
        ['PUT', `${path}/bad`],
      ] as const) {
        const anonymous = await call(method, url, { body });
        expect(anonymous).toMatchObject({ status: 401, body: { error: 'User authentication required' } });
        expect(anonymous.headers.get('www-authenticate')).toBe('Bearer');
      }
    }
  });
});

describe('what is no request of ours', () => {
  it('is refused in the flat envelope', async () => {
    const { member } = await aWorld();

    expect(await call('POST', path, { as: member, body: '{"a":' })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('not valid JSON') },
    });
    expect(
      await call('POST', path, { as: member, body: 'a=b', headers: { 'content-type': 'text/plain' } }),
    ).toMatchObject({ status: 415, body: { error: 'The body must be application/json' } });
    expect(await call('GET', `${path}/nothing/at/all`, { as: member })).toMatchObject({
      status: 404,
      body: { error: 'There is no such path' },
    });
    const wrong = await call('PATCH', path, { as: member, body: {} });
    expect(wrong).toMatchObject({ status: 405, body: { error: 'This path takes GET, POST' } });
    expect(wrong.headers.get('allow')).toBe('GET, POST');
  });

  it.each([
    ['deep', `{"settings":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ['deep in settings', `{"settings":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`],
    ['NUL', '{"settings":{"a":"\\u0000"}}'],
    ['half a character', '{"settings":{"a":"\\ud800"}}'],
    ['a prototype', '{"__proto__":{"isDefault":true}}'],
  ])('is refused, and is no fault of the service: %s', async (_, body) => {
    const world = await aWorld();
    const { id } = await aConfig(world);

    const { status } = await call('PUT', `${path}/${id}`, { as: world.member, body });

    expect(status).toBe(400);
  });

  it('is refused where it is too large', async () => {
    const { member } = await aWorld();

    const body = JSON.stringify({ provider: 'openai', modelId: 'x'.repeat(1_100_000) });
    expect(await call('POST', path, { as: member, body })).toMatchObject({
      status: 413,
      body: { error: expect.any(String) },
    });
  });
});
