import { describe, expect, it } from 'vitest';
import { demoPeople, fillDemoWorld } from '../../src/database/migrate/demo-world.ts';
import { aProviderKey } from '../kit/keys.ts';
import { type OpenApi, type Operation, operationsOf } from '../kit/openapi.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { db } = service;
const call = restOf(service);
await fillDemoWorld(db);
const document: OpenApi = (await call('GET', '/v1/openapi.json')).body;
const operations = operationsOf(document);

const [organization = { id: '', name: '' }] = demoPeople.map((person) => person.organization);
const personas = demoPeople.map(({ id, name }) => ({ id, name }));
const [owner] = personas;
if (!owner) throw new Error('The demo world has nobody');

// As the organization of a visitor who has tried things: a provider switched off, a key, and a configuration of each person.
await call('PATCH', `/v1/organizations/${organization.id}/model-settings`, {
  as: owner,
  body: { disabledProviders: ['google'], disabledModels: ['gpt-4o'], defaultModelKey: 'gpt-4.1' },
});
const key = await aProviderKey(service, { organization, admin: owner });
const configs = new Map<string, string>();
for (const persona of personas) {
  const body = { provider: 'openai', modelId: 'gpt-4.1', settings: { temperature: 1 }, providerKeyId: null };
  const created = await call('POST', '/v1/model-configs', { as: persona, body });
  configs.set(persona.id, created.body.id);
}

/** All rows that decide what may be used, by whom, and with which settings. */
async function policy() {
  return {
    revisions: await db.organization.findMany({ orderBy: { id: 'asc' }, select: { id: true, revision: true } }),
    settings: await db.modelSettings.findMany({ orderBy: { organizationId: 'asc' } }),
    configs: await db.modelConfig.findMany({ orderBy: { id: 'asc' } }),
    keys: await db.providerKey.findMany({ orderBy: { id: 'asc' } }),
    memberships: await db.membership.findMany({ orderBy: { userId: 'asc' } }),
    apiKeys: await db.apiKey.findMany({ orderBy: { id: 'asc' } }),
    usage: await db.usageRecord.findMany({ orderBy: { id: 'asc' } }),
    uses: await db.providerKeyUse.findMany({ orderBy: { id: 'asc' } }),
  };
}

/** Sends an operation with what the document gives, as its page does at a click on "Execute". */
async function execute(
  { method, path, parameters, examples }: Operation,
  as: { id: string },
  ids: { id?: string } = {},
) {
  const given = parameters.filter(({ name, schema }) => schema.example !== undefined || name in ids);
  const filled = given
    .filter((parameter) => parameter.in === 'path')
    .reduce((path, { name, schema }) => path.replace(`{${name}}`, String(ids[name as 'id'] ?? schema.example)), path);
  const query = new URLSearchParams(
    given.filter((parameter) => parameter.in === 'query').map(({ name, schema }) => [name, String(schema.example)]),
  );
  const others = Object.fromEntries(
    given.filter((parameter) => parameter.in === 'header').map(({ name, schema }) => [name, String(schema.example)]),
  );
  const bodies = Object.values(examples).map(({ value }) => value);
  return Promise.all(
    (bodies.length > 0 ? bodies : [undefined]).map((body) =>
      call(method, `${filled}?${query}`, { as, body, headers: others }),
    ),
  );
}

const changes = operations.filter(({ method }) => method !== 'GET');
const creates = ({ operationId }: Operation) => operationId === 'createModelConfig';

describe('the examples of the document, sent as they are', () => {
  it.each(operations.filter((operation) => !creates(operation)))('by $name change nothing', async (operation) => {
    for (const persona of personas) {
      const before = await policy();

      const answers = await execute(operation, persona);

      expect(await policy()).toEqual(before);
      for (const { status } of answers) expect(status).toBeLessThan(500);
    }
  });

  it.each(operations.filter(creates))(
    "by $name add a configuration of the caller's own, as they say",
    async (operation) => {
      for (const persona of personas) {
        const before = await policy();

        const [answer] = await execute(operation, persona);

        const after = await policy();
        const added = after.configs.filter(({ id }) => id === answer?.body.id);
        expect(answer?.status).toBe(201);
        expect(added).toMatchObject([{ userId: persona.id, isDefault: false }]);
        expect({ ...after, revisions: [], configs: after.configs.filter(({ id }) => id !== answer?.body.id) }).toEqual({
          ...before,
          revisions: [],
        });
      }
    },
  );

  it('name objects that are not there', async () => {
    for (const operation of changes.filter(({ path }) => path.includes('{id}'))) {
      for (const { status } of await execute(operation, owner))
        expect([operation.name, status]).toEqual([operation.name, 404]);
    }
  });

  it('of a partial change change nothing, also where they are sent to an object that is there', async () => {
    const partial = changes.filter(({ operationId }) => /^update/.test(operationId));
    for (const operation of partial) {
      for (const persona of personas) {
        const id = operation.path.includes('provider-keys') ? key.id : configs.get(persona.id);
        const before = await policy();

        await execute(operation, persona, id === undefined ? {} : { id });

        expect(await policy()).toEqual(before);
      }
    }
    expect(partial).toHaveLength(3);
  });
});
