import { describe, expect, it } from 'vitest';
import { anApiKey, aProviderKey, aSecret, ReadProviderKeySecret } from '../kit/keys.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { ask, aWorld, db, logLines } = service;
const call = restOf(service);

const path = '/v1/provider-keys';

const shown = (secret: string) => ({
  id: expect.stringMatching(/^key_/),
  name: 'Production',
  provider: 'openai',
  isActive: true,
  isDefault: false,
  keyPreview: `…${secret.slice(-4)}`,
  lastUsedAt: null,
  usageCount: 0,
  createdAt: expect.any(String),
  updatedAt: expect.any(String),
});

describe('provider keys', () => {
  it('are created, listed, and listed by provider', async () => {
    const { admin } = await aWorld();
    const apiKey = aSecret();

    const created = await call('POST', path, { as: admin, body: { apiKey, name: 'Production', provider: 'openai' } });

    expect({ status: created.status, body: created.body }).toEqual({
      status: 201,
      body: { providerKey: shown(apiKey) },
    });
    const list = { status: 200, body: { providerKeys: [created.body.providerKey] } };
    expect(await call('GET', path, { as: admin })).toMatchObject(list);
    expect(await call('GET', `${path}/provider/openai`, { as: admin })).toMatchObject(list);
    for (const provider of ['anthropic', 'OpenAI', 'nobody']) {
      expect((await call('GET', `${path}/provider/${provider}`, { as: admin })).body).toEqual({ providerKeys: [] });
    }
  });

  it('tell how often and when they were used', async () => {
    const world = await aWorld();
    const { id } = await aProviderKey(service, world);
    const { token } = await anApiKey(service, world, ['KEYS_USE']);
    await ask(ReadProviderKeySecret, { id }, { token });
    await ask(ReadProviderKeySecret, { id }, { token });

    const { body } = await call('GET', path, { as: world.admin });

    expect(body.providerKeys).toMatchObject([{ id, usageCount: 2, lastUsedAt: expect.stringMatching(/^20.*Z$/) }]);
  });

  it('are renamed, switched off and given a new value in one change', async () => {
    const world = await aWorld();
    const { id, secret } = await aProviderKey(service, world);
    const patch = (body: object) => call('PATCH', `${path}/${id}`, { as: world.admin, body });
    const revision = () => db.revision.count({ where: { organizationId: world.organization.id } });
    const before = await revision();

    const present = await patch({});
    expect(present).toMatchObject({ status: 200, body: { providerKey: { ...shown(secret), id } } });
    expect(await revision()).toBe(before);

    const apiKey = aSecret();
    expect(await patch({ apiKey, name: 'Staging', isActive: false, isDefault: false })).toMatchObject({
      status: 200,
      body: { providerKey: { id, name: 'Staging', isActive: false, keyPreview: `…${apiKey.slice(-4)}` } },
    });
    expect(await revision()).toBe(before + 1);
    expect(await patch({ isActive: true })).toMatchObject({
      body: { providerKey: { name: 'Staging', isActive: true } },
    });
  });

  it('are left as they are where any part of a change is refused', async () => {
    const world = await aWorld();
    const { id } = await aProviderKey(service, world);
    const patch = (body: object) => call('PATCH', `${path}/${id}`, { as: world.admin, body });
    const before = (await patch({})).body;
    const fresh = aSecret();

    for (const [body, at] of [
      [{ apiKey: 'sk-…abcd', name: 'Other' }, 'apiKey'],
      [{ apiKey: 'short', isActive: false }, 'apiKey'],
      [{ apiKey: '' }, 'apiKey'],
      [{ apiKey: fresh, name: '' }, 'name'],
      [{ apiKey: fresh, name: `my ${fresh}` }, 'name'],
      [{ name: 'x'.repeat(101) }, 'name'],
      [{ isActive: 'no' }, 'isActive'],
      [{ isDefault: true }, 'isDefault'],
      [{ settings: {} }, 'settings'],
      [{ provider: 'anthropic' }, 'provider'],
    ] as const) {
      const answer = await patch(body);
      expect(answer).toMatchObject({ status: 400, body: { error: 'Validation error', details: [{ path: at }] } });
      expect(JSON.stringify(answer.body)).not.toContain(fresh);
    }
    expect((await patch({})).body).toEqual(before);
  });

  it('are deleted though configurations use them, which go on without', async () => {
    const world = await aWorld();
    const { id } = await aProviderKey(service, world);
    const config = await call('POST', '/v1/model-configs', {
      as: world.admin,
      body: { provider: 'openai', modelId: 'gpt-4.1', providerKeyId: id },
    });

    expect(await call('DELETE', `${path}/${id}`, { as: world.admin })).toMatchObject({
      status: 200,
      body: { success: true },
    });

    expect((await call('GET', '/v1/model-configs', { as: world.admin })).body.data).toMatchObject([
      { id: config.body.id, providerKeyId: null, keyStatus: 'needs_setup' },
    ]);
    expect(await call('DELETE', `${path}/${id}`, { as: world.admin })).toMatchObject({
      status: 404,
      body: { error: 'Provider key not found' },
    });
  });

  it.each([
    [
      { name: 'x', provider: 'openai' },
      { path: 'apiKey', code: 'MISSING_REQUIRED_FIELD' },
    ],
    [
      { apiKey: 'sk-1234567890', provider: 'openai' },
      { path: 'name', code: 'MISSING_REQUIRED_FIELD' },
    ],
    [
      { apiKey: 'sk-1234567890', name: 'x' },
      { path: 'provider', code: 'MISSING_REQUIRED_FIELD' },
    ],
    [
      { apiKey: 'sk-****', name: 'x', provider: 'openai' },
      { path: 'apiKey', code: 'VALIDATION_ERROR' },
    ],
    [
      { apiKey: `\${OPENAI_API_KEY}`, name: 'x', provider: 'openai' },
      { path: 'apiKey', message: 'looks like a placeholder; give the key itself' },
    ],
    [
      { apiKey: 'sk-1234567890', name: 'x', provider: 'xai' },
      { path: 'provider', code: 'INVALID_PROVIDER_SLUG' },
    ],
    [{ apiKey: 'sk-1234567890', name: 'x', provider: 'openai', isDefault: true }, { path: 'isDefault' }],
    [{ apiKey: 'sk-1234567890', name: 'x', provider: 'openai', settings: {} }, { path: 'settings' }],
  ])('are not created from %j', async (body, detail) => {
    const { admin } = await aWorld();

    expect(await call('POST', '/v1/provider-keys', { as: admin, body })).toMatchObject({
      status: 400,
      body: { details: [detail] },
    });
    expect((await call('GET', '/v1/provider-keys', { as: admin })).body).toEqual({ providerKeys: [] });
  });

  it('of nobody and of others are refused alike', async () => {
    const { admin } = await aWorld();
    const foreign = await aProviderKey(service, await aWorld());

    for (const [method, body] of [
      ['PATCH', { name: 'x' }],
      ['DELETE', undefined],
    ] as const) {
      const absent = await call(method, `${path}/key_absent`, { as: admin, body });
      expect(absent).toMatchObject({ status: 404, body: { error: 'Provider key not found' } });
      expect((await call(method, `${path}/${foreign.id}`, { as: admin, body })).body).toEqual(absent.body);
      for (const id of ['provider', 'key', 'key_%00', 'cfg_absent']) {
        expect(await call(method, `${path}/${id}`, { as: admin, body })).toMatchObject({
          status: 400,
          body: { error: 'Invalid provider key ID' },
        });
      }
    }
  });

  it('are in no answer and in no log line', async () => {
    const { admin, member } = await aWorld();
    const apiKey = aSecret();
    const answers = [];
    for (const as of [admin, member, undefined]) {
      for (const body of [
        { apiKey, name: 'x', provider: 'openai' },
        { apiKey, name: apiKey, provider: 'openai' },
        { apiKey: [apiKey], name: 'x', provider: 'openai' },
        { apiKey, nope: apiKey },
        `{"apiKey":"${apiKey}"`,
        `{"apiKey":${apiKey}}`,
        `"${apiKey}"`,
      ]) {
        answers.push(await call('POST', path, { as, body }));
      }
    }

    const told = answers.map(({ body }) => JSON.stringify(body)).join('\n');
    expect(told.match(new RegExp(apiKey, 'g')) ?? []).toEqual([]);
    expect(JSON.stringify(logLines())).not.toContain(apiKey);
  });
});
