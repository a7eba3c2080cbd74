import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lifecycleOf } from '../../src/catalog/lifecycle.ts';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { graphql } from '../generated/gql.ts';
import { CreateConfig, EffectiveDefault, MakeDefault, UpdateConfig } from '../kit/config-operations.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { restOf } from '../kit/rest.ts';
import { startService, today } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db } = service;
const call = restOf(service);
const catalog = readCatalog();

const embedding = { provider: 'openai', modelId: 'text-embedding-3-small' };
const isChat = (key: string) => catalog.find(key)?.kind === 'CHAT';

const KindsOf = graphql(`
  query KindsOf($organizationId: ID!, $filter: ModelFilter) {
    models(organizationId: $organizationId, filter: $filter, first: 100) {
      totalCount
      edges {
        node {
          kind
          modelId
        }
      }
    }
  }
`);

const settingsPath = ({ organization }: World) => `/v1/organizations/${organization.id}/model-settings`;

async function setDefault({ organization, admin }: World, defaultModelKey: string) {
  const input = { organizationId: organization.id, defaultModelKey };
  return (await ask(UpdateSettings, { input }, { as: admin })).data?.updateModelSettings;
}

async function create({ organization, member }: World, model: object, more: object = {}) {
  const input = { organizationId: organization.id, ...embedding, ...model, ...more };
  return (await ask(CreateConfig, { input }, { as: member })).data?.createModelConfig;
}

async function idOfConfig(world: World, model: object = {}): Promise<string> {
  const config = await create(world, model);
  return config?.__typename === 'ModelConfig' ? config.id : expect.fail(JSON.stringify(config));
}

async function effectiveDefault({ organization, member }: World) {
  const { data } = await ask(EffectiveDefault, { organizationId: organization.id }, { as: member });
  return data?.organization?.effectiveDefaultModel;
}

/** As an organization looks that set an embedding model as its default before that was refused. */
async function aWorldOfBefore(): Promise<World> {
  const world = await aWorld();
  const organizationId = world.organization.id;
  const changed = { updatedAt: today, updatedById: world.admin.id };
  await db.modelSettings.create({
    data: { organizationId, ...changed, defaultModelKey: 'text-embedding-3-small', disabledModels: [] },
  });
  await db.modelConfig.create({
    data: {
      id: `cfg_${world.member.id}`,
      organizationId,
      ...embedding,
      userId: world.member.id,
      creatorId: world.member.id,
      isDefault: true,
      settings: {},
      createdAt: today,
      updatedAt: today,
    },
  });
  await db.organization.update({ where: { id: organizationId }, data: { revision: { increment: 1 } } });
  await service.heard();
  return world;
}

describe('the kind of a model', () => {
  it.each(['CHAT', 'EMBEDDING'] as const)('is told, and can be filtered by: %s', async (kind) => {
    const { organization, member } = await aWorld();

    const variables = { organizationId: organization.id, filter: { kind } };
    const { data } = await ask(KindsOf, variables, { as: member });

    expect(data?.models.totalCount).toBe(catalog.models.filter((model) => model.kind === kind).length);
    expect(new Set(data?.models.edges.map(({ node }) => node.kind))).toEqual(new Set([kind]));
  });

  it('is a tag of the REST lists where it is not chat, and a category to filter by', async () => {
    const { member } = await aWorld();

    const { body } = await call('GET', '/v1/model-configs/available?category=embedding', { as: member });

    const ids: string[] = body.data.map(({ provider, modelId }: typeof embedding) => `${provider}/${modelId}`);
    expect(ids).toContain('openai/text-embedding-3-small');
    expect(ids.filter(isChat)).toEqual([]);
    const { body: all } = await call('GET', '/v1/model-configs/available', { as: member });
    const chat = all.data.filter(({ tags }: { tags: string[] }) => !tags.includes('embedding'));
    expect(chat.length + ids.length).toBe(all.total);
  });
});

describe('a default', () => {
  it('of the settings is refused where it is no chat model, and nothing changes', async () => {
    const world = await aWorld();
    const fault = { path: 'defaultModelKey', message: expect.stringContaining('of kind EMBEDDING') };

    expect(await setDefault(world, 'text-embedding-3-small')).toMatchObject({
      __typename: 'ModelgateValidationError',
      code: 'VALIDATION_ERROR',
      issues: [fault],
    });
    const body = { default_model_key: 'text-embedding-3-small' };
    const refused = await call('PATCH', settingsPath(world), { as: world.admin, body });
    expect(refused).toMatchObject({ status: 422, body: { error: { code: 'VALIDATION_ERROR' } } });
    expect(JSON.stringify(refused.body.error.details)).toContain('of kind EMBEDDING');
    expect((await call('GET', settingsPath(world), { as: world.member })).body).toMatchObject({
      default_model_key: null,
      updated_at: null,
    });
  });

  it('is no configuration of another model, however it is asked for', async () => {
    const world = await aWorld();
    const { member } = world;
    const id = await idOfConfig(world);
    const refused = {
      __typename: 'DefaultConfigError',
      code: 'DEFAULT_CONFIG',
      message: expect.stringContaining('only a chat model'),
    };

    expect(await create(world, embedding, { isDefault: true })).toMatchObject(refused);
    expect((await ask(MakeDefault, { input: { id } }, { as: member })).data?.setDefaultModelConfig).toMatchObject(
      refused,
    );
    const update = await ask(UpdateConfig, { input: { id, isDefault: true } }, { as: member });
    expect(update.data?.updateModelConfig).toMatchObject(refused);

    const flat = { status: 400, body: { details: [{ code: 'DEFAULT_CONFIG' }] } };
    const path = '/v1/model-configs';
    expect(await call('PATCH', `${path}/${id}/default`, { as: member })).toMatchObject(flat);
    expect(await call('PUT', `${path}/${id}`, { as: member, body: { isDefault: true } })).toMatchObject(flat);
    expect(await db.modelConfig.findMany({ where: { organizationId: world.organization.id } })).toMatchObject([
      { id, isDefault: false },
    ]);
  });

  it('that was set before is passed over and named, and stays as it is', async () => {
    const world = await aWorldOfBefore();
    const skipped = [
      { source: 'USER_CONFIG' },
      { source: 'ORGANIZATION_SETTINGS', modelKey: 'text-embedding-3-small' },
    ];

    expect(await effectiveDefault(world)).toMatchObject({ model: null, source: null, skipped });

    // It stands in nobody's way, and gives way to one that counts.
    const input = { organizationId: world.organization.id, disabledModels: ['text-embedding-3-small'] };
    const { data } = await ask(UpdateSettings, { input }, { as: world.admin });
    expect(data?.updateModelSettings).toMatchObject({ defaultModelKey: 'text-embedding-3-small' });
    expect(await setDefault(world, 'claude-sonnet-4-6')).toMatchObject({ defaultModelKey: 'claude-sonnet-4-6' });
    expect(await effectiveDefault(world)).toMatchObject({
      model: { id: 'mdl_anthropic/claude-sonnet-4-6' },
      source: 'ORGANIZATION_SETTINGS',
      skipped: [{ source: 'USER_CONFIG' }],
    });
  });

  it('that was set before makes nobody a first configuration', async () => {
    const world = await aWorldOfBefore();

    expect(await call('GET', '/v1/model-configs', { as: world.admin })).toMatchObject({
      status: 200,
      body: { data: [], total: 0 },
    });
  });

  it('is a chat model, whatever was asked for and by whichever way', async () => {
    const world = await aWorld();
    const usable = catalog.models.filter((model) => lifecycleOf(model, today) !== 'RETIRED');
    const ways = {
      settings: async (key: string) => (await setDefault(world, key))?.__typename === 'OrganizationModelSettings',
      rest: async (key: string) =>
        (await call('PATCH', settingsPath(world), { as: world.admin, body: { defaultModelKey: key } })).status === 200,
      creation: async (key: string) => {
        const { provider, modelId } = catalog.find(key) ?? expect.fail();
        return (await create(world, { provider, modelId }, { isDefault: true }))?.__typename === 'ModelConfig';
      },
      change: async (key: string) => {
        const { provider, modelId } = catalog.find(key) ?? expect.fail();
        const input = { id: await idOfConfig(world, { provider, modelId }) };
        const { data } = await ask(MakeDefault, { input }, { as: world.member });
        return data?.setDefaultModelConfig.__typename === 'ModelConfig';
      },
    };
    const embeddings = usable.filter(({ kind }) => kind === 'EMBEDDING');
    const model = fc.oneof(fc.constantFrom(...usable), fc.constantFrom(...embeddings));

    await fc.assert(
      fc.asyncProperty(model, fc.constantFrom(...Object.values(ways)), async ({ provider, modelId }, accepts) => {
        const key = `${provider}/${modelId}`;
        expect(await accepts(key)).toBe(isChat(key));
        const configs = await db.modelConfig.findMany({
          where: { organizationId: world.organization.id, isDefault: true },
        });
        expect(configs.filter((config) => !isChat(`${config.provider}/${config.modelId}`))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
