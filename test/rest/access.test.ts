import { describe, expect, it } from 'vitest';
import { platformKeyScopes } from '../../src/domain/keys/platform-key.ts';
import { anApiKey, aProviderKey } from '../kit/keys.ts';
import { operationsOf } from '../kit/openapi.ts';
import { aPlatformKey } from '../kit/platform-keys.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { aWorld, db } = service;
const call = restOf(service);

/**
 * A stranger owns another organization; the keys are of this one: a reader, one that also writes settings, one that only reports, one that only
 * gets the plaintext of keys; the platform key has all scopes. */
const callers = [
  'owner',
  'admin',
  'member',
  'stranger',
  'reader',
  'writer',
  'reporter',
  'opener',
  'platform',
  'anonymous',
] as const;
type Caller = (typeof callers)[number];

/** For every route: what each caller is answered, in the order above. */
const table: Record<string, string> = {
  'GET /v1/organizations': '200 200 200 200 200 200 403 403 200 401',
  'GET /v1/organizations/{organization_id}': '200 200 200 403 200 200 403 403 200 401',
  'GET /v1/organizations/{organization_id}/model-settings': '200 200 200 403 200 200 403 403 200 401',
  'PATCH /v1/organizations/{organization_id}/model-settings': '200 200 403 403 403 200 403 403 200 401',
  'GET /v1/organizations/{organization_id}/models': '200 200 200 403 200 200 403 403 200 401',
  'GET /v1/organizations/{organization_id}/model-access': '200 200 200 403 200 200 403 403 200 401',
  'GET /v1/organizations/{organization_id}/revisions.ndjson': '200 200 403 403 403 403 403 403 403 401',
  'GET /v1/organizations/{organization_id}/snapshot': '200 200 403 403 200 200 403 403 200 401',
  'GET /v1/organizations/{organization_id}/snapshot/stream': '200 200 403 403 200 200 403 403 200 401',
  'POST /v1/organizations/{organization_id}/usage': '200 200 403 403 403 403 200 403 200 401',
  'GET /v1/model-configs': '200 200 200 403 200 200 403 403 200 401',
  'POST /v1/model-configs': '201 201 201 403 403 403 403 403 403 401',
  'GET /v1/model-configs/available': '200 200 200 403 200 200 403 403 200 401',
  'GET /v1/model-configs/grouped': '200 200 200 403 200 200 403 403 200 401',
  'GET /v1/model-configs/search-capable': '200 200 200 403 200 200 403 403 200 401',
  'GET /v1/model-configs/search-configured': '200 200 200 403 200 200 403 403 200 401',
  'GET /v1/model-configs/usage': '200 200 200 403 200 200 403 403 200 401',
  'GET /v1/model-configs/in-use': '200 200 200 403 200 200 403 403 200 401',
  'PUT /v1/model-configs/{id}': '200 200 403 404 403 403 404 404 403 401',
  'DELETE /v1/model-configs/{id}': '204 204 403 404 403 403 404 404 403 401',
  'PATCH /v1/model-configs/{id}/status': '200 200 403 404 403 403 404 404 403 401',
  'PATCH /v1/model-configs/{id}/default': '200 200 403 404 403 403 404 404 403 401',
  'GET /v1/provider-keys': '200 200 403 403 403 403 403 403 403 401',
  'POST /v1/provider-keys': '201 201 403 403 403 403 403 403 403 401',
  'GET /v1/provider-keys/provider/{provider}': '200 200 403 403 403 403 403 403 403 401',
  'PATCH /v1/provider-keys/{id}': '200 200 403 404 403 403 403 403 403 401',
  'POST /v1/provider-keys/{id}/secret': '403 403 403 404 403 403 403 200 200 401',
  'DELETE /v1/provider-keys/{id}': '200 200 403 404 403 403 403 403 403 401',
};

const bodies: Record<string, unknown> = {
  'PATCH /v1/organizations/{organization_id}/model-settings': { disabledModels: ['x'] },
  'POST /v1/organizations/{organization_id}/usage': { records: [] },
  'POST /v1/model-configs': { provider: 'openai', modelId: 'gpt-4.1' },
  'PUT /v1/model-configs/{id}': { settings: { temperature: 1 } },
  'PATCH /v1/model-configs/{id}/status': { isEnabled: false },
  'POST /v1/provider-keys': { apiKey: 'sk-0123456789', name: 'Production', provider: 'openai' },
  'PATCH /v1/provider-keys/{id}': { name: 'Staging' },
};

const queries: Record<string, string> = { 'GET /v1/organizations/{organization_id}/model-access': '?model=gpt-4.1' };

/** Asks in the place of a caller, on what is the world's organization's. */
async function aStage() {
  const world = await aWorld();
  const { organization, owner } = world;
  const model = { provider: 'openai', modelId: 'gpt-4.1', settings: {} };
  const of = { organizationId: organization.id, creatorId: owner.id };
  const times = { createdAt: new Date(), updatedAt: new Date() };
  const { id: configId } = await db.modelConfig.create({
    data: { id: `cfg_${organization.id}`, ...of, ...model, ...times },
  });
  const { id: keyId } = await aProviderKey(service, world);
  const tokens: Partial<Record<Caller, string>> = {
    reader: (await anApiKey(service, world, ['READ'])).token,
    writer: (await anApiKey(service, world, ['READ', 'SETTINGS_WRITE'])).token,
    reporter: (await anApiKey(service, world, ['USAGE_WRITE'])).token,
    opener: (await anApiKey(service, world, ['KEYS_USE'])).token,
    platform: (await aPlatformKey(db, platformKeyScopes)).token,
  };

  return async (name: string, caller: Caller, ids = { organizationId: organization.id, configId, keyId }) => {
    const [method = '', path = ''] = name.split(' ');
    const id = path.includes('provider-keys') ? ids.keyId : ids.configId;
    const token = tokens[caller];
    const filled = path
      .replace('{organization_id}', ids.organizationId)
      .replace('{provider}', 'openai')
      .replace('{id}', id);
    const answer = await call(method, filled + (queries[name] ?? ''), {
      as: caller in world ? world[caller as 'owner'] : undefined,
      body: bodies[name],
      headers: { 'x-organization-id': ids.organizationId, ...(token ? { authorization: `Bearer ${token}` } : {}) },
    });
    const told = JSON.stringify(answer.body ?? null).replaceAll(ids.organizationId, 'ORGANIZATION');
    return { status: answer.status, told: told.replace(/"(trace_id|timestamp)":"[^"]*"/g, '') };
  };
}

describe('access', () => {
  it('is said in this table for every route', async () => {
    const { body } = await call('GET', '/v1/openapi.json');

    expect(Object.keys(table).toSorted()).toEqual(
      operationsOf(body)
        .map(({ name }) => name)
        .toSorted(),
    );
  });

  it('by API keys is what the document says of every route', async () => {
    const { body } = await call('GET', '/v1/openapi.json');
    const takesApiKeys = (name: string) =>
      (['writer', 'reporter', 'opener'] as const).some((caller) =>
        table[name]?.split(' ')[callers.indexOf(caller)]?.startsWith('2'),
      );

    for (const { name, security } of operationsOf(body)) {
      expect([name, security.some((scheme) => 'apiKey' in scheme)]).toEqual([name, takesApiKeys(name)]);
    }
  });

  it.each(Object.entries(table))('to %s is as it says', async (name, row) => {
    const stage = await aStage();
    const statuses = [];
    for (const caller of callers) {
      // What one has deleted is not there for the next.
      const ask = name.startsWith('DELETE') ? await aStage() : stage;
      statuses.push((await ask(name, caller)).status);
    }

    expect(statuses.join(' ')).toBe(row);
  });

  it.each(Object.keys(table))('to %s of another organization is as to that of none', async (name) => {
    const ask = await aStage();
    const none = { organizationId: 'org_absent', configId: 'cfg_absent', keyId: 'key_absent' };

    expect(await ask(name, 'stranger')).toEqual(await ask(name, 'stranger', none));
  });

  it.each(Object.keys(table).filter((name) => name !== 'GET /v1/organizations'))(
    'to %s by a platform key is in an organization that does not exist as in a foreign one',
    async (name) => {
      const ask = await aStage();
      const none = { organizationId: 'org_absent', configId: 'cfg_absent', keyId: 'key_absent' };

      expect(await ask(name, 'platform', none)).toEqual(await ask(name, 'stranger', none));
    },
  );
});
