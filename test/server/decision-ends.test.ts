import { beforeEach, describe, expect, it } from 'vitest';
import { createCatalog } from '../../src/catalog/read-catalog.ts';
import { anEntry } from '../catalog/entries.ts';
import { CreateConfig } from '../kit/config-operations.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { restOf } from '../kit/rest.ts';
import { nothingRemembered, type Service, startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const start = new Date('2026-11-22T12:00:00Z');
// No date of a model is at noon, so the end of a day does not come before.
const end = new Date('2026-11-22T12:30:00Z');

const models = createCatalog([
  anEntry({ modelId: 'ending', baseModel: 'ending', retiresAt: '2026-11-22' }),
  anEntry({ modelId: 'staying', baseModel: 'ending', inputCostPer1kTokens: '0.1', displayOrder: 1 }),
]);
Object.assign(models.byId('mdl_openai/ending') ?? {}, { retirement: end });

let now = start;
let lookups = 0;
const catalog = new Proxy(models, {
  get: (target, name) => {
    lookups += 1;
    return Reflect.get(target, name);
  },
});
const service = await startService({ catalog, clock: () => now });
const forgetful = service.anotherInstance({ cache: nothingRemembered });

beforeEach(() => {
  now = start;
});

/** Whether an instance asked the database or the catalog since the last call: for a kept answer it asks neither. */
function takeWork({ takeStatements }: Service): boolean {
  const work = takeStatements().length + lookups;
  lookups = 0;
  return work > 0;
}

/** An organization whose default is the model that ends, and which has configured both. */
async function anOrganization(): Promise<World> {
  const world = await service.aWorld();
  const { id: organizationId } = world.organization;
  const settings = { input: { organizationId, defaultModelKey: 'ending' } };
  await service.ask(UpdateSettings, settings, { as: world.admin });
  for (const modelId of ['ending', 'staying']) {
    await service.ask(CreateConfig, { input: { organizationId, provider: 'openai', modelId } }, { as: world.admin });
  }
  await service.heard();
  return world;
}

const ofGraph =
  (query: string) =>
  async (instance: Service, { organization, admin }: World) => {
    const { data, errors } = await instance.ask(
      `query ($id: ID!) { ${query} }`,
      { id: organization.id },
      { as: admin, once: true },
    );
    expect(errors).toBe(undefined);
    return data;
  };

const reads: Record<string, (instance: Service, world: World) => Promise<unknown>> = {
  'a decision': ofGraph('modelAccess(organizationId: $id, modelKey: "ending") { allowed validUntil catalogVersion }'),
  'the decision on a configuration': ofGraph(
    'modelConfigs(organizationId: $id) { edges { node { access { allowed } } } }',
  ),
  'the models that are allowed': ofGraph(
    'models(organizationId: $id, filter: { allowed: true }) { edges { node { id } } }',
  ),
  'the number of those that are not': ofGraph('models(organizationId: $id, filter: { allowed: false }) { totalCount }'),
  'the configurations whose model is allowed': ofGraph(
    'modelConfigs(organizationId: $id, filter: { allowed: true }) { totalCount }',
  ),
  'the lowest price of a group': ofGraph('modelGroups(organizationId: $id) { lowestCostPer1kTokens }'),
  'the models, at a REST route': async (instance, { organization, admin }) => {
    const { status, body } = await restOf(instance)('GET', `/v1/organizations/${organization.id}/models`, {
      as: admin,
      once: true,
    });
    expect(status).toBe(200);
    return body;
  },
};

describe('a cached answer', () => {
  it.each(Object.entries(reads))(
    'is not given after a decision that it was made from has ended: %s',
    async (_name, read) => {
      const world = await anOrganization();
      const first = await read(service, world);
      takeWork(service);

      now = new Date(end.getTime() - 1);
      expect(await read(service, world)).toEqual(first);
      expect(takeWork(service)).toBe(false);
      expect(await read(forgetful, world)).toEqual(first);

      now = end;
      takeWork(service);
      const second = await read(service, world);
      expect(takeWork(service)).toBe(true);
      expect(second).not.toEqual(first);
      expect(await read(forgetful, world)).toEqual(second);
    },
  );

  it('that no decision was made for holds for its day', async () => {
    const world = await anOrganization();
    const read = ofGraph('organizationModelSettings(organizationId: $id) { revision disabledModels }');
    const first = await read(service, world);
    takeWork(service);

    now = new Date('2026-11-22T23:59:59.999Z');
    expect(await read(service, world)).toEqual(first);
    expect(takeWork(service)).toBe(false);
  });

  it('of what depends on the day alone ends with it', async () => {
    const world = await anOrganization();
    const read = ofGraph('models(organizationId: $id, filter: { lifecycle: RETIRED }) { totalCount }');
    now = new Date('2026-11-21T12:00:00Z');
    const first = await read(service, world);

    now = new Date('2026-11-22T00:00:00Z');
    expect(await read(service, world)).not.toEqual(first);
  });
});

it('a decision tells the version of the catalog, and when it ends', async () => {
  const world = await anOrganization();
  const read = reads['a decision'] ?? expect.fail();

  expect(await read(service, world)).toEqual({
    modelAccess: { allowed: true, validUntil: end.toISOString(), catalogVersion: 1 },
  });
  now = end;
  expect(await read(service, world)).toEqual({ modelAccess: { allowed: false, validUntil: null, catalogVersion: 1 } });
});

it('a default tells its decision, and so does the refusal to configure a model', async () => {
  const world = await anOrganization();
  const read = ofGraph(
    'organization(id: $id) { effectiveDefaultModel { access { allowed validUntil } skipped { access { validUntil } } } }',
  );
  const create = async (modelId: string) => {
    const { data } = await service.ask<{ createModelConfig: unknown }, { id: string; modelId: string }>(
      `mutation ($id: ID!, $modelId: String!) {
        createModelConfig(input: { organizationId: $id, provider: "openai", modelId: $modelId }) {
          ... on ModelNotAllowedError { reasons access { allowed reasons revision catalogVersion validUntil } }
        }
      }`,
      { id: world.organization.id, modelId },
      { as: world.admin },
    );
    return data?.createModelConfig;
  };

  expect(await read(service, world)).toEqual({
    organization: { effectiveDefaultModel: { access: { allowed: true, validUntil: end.toISOString() }, skipped: [] } },
  });
  now = end;
  expect(await read(service, world)).toEqual({
    organization: { effectiveDefaultModel: { access: null, skipped: [{ access: { validUntil: null } }] } },
  });
  expect(await create('ending')).toEqual({
    reasons: ['RETIRED'],
    access: { allowed: false, reasons: ['RETIRED'], revision: 3, catalogVersion: 1, validUntil: null },
  });
});
