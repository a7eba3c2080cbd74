import { describe, expect, it } from 'vitest';
import { findDefaultConfigs } from '../../src/domain/configs/effective-default.ts';
import { findModelConfigs } from '../../src/domain/configs/model-config-rows.ts';
import { CreateConfig, ListConfigs } from '../kit/config-operations.ts';
import { tokenOf } from '../kit/issuer.ts';
import { restOf } from '../kit/rest.ts';
import { startService, today } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db, takeStatements } = service;
const call = restOf(service);
/** In the order of the database. */
const settings = { note: 'kept', temperature: 0.3 };

const asText = '{"note": "kept", "temperature": 0.3}';

/** Each has settings that are hard to write. */
async function aHundred({ organization, admin }: World) {
  const rows = Array.from({ length: 100 }, (_, n) => ({
    id: `cfg_${organization.id}_${String(n).padStart(3, '0')}`,
    organizationId: organization.id,
    creatorId: admin.id,
    provider: 'openai',
    modelId: 'gpt-4o',
    settings: { n, text: '\u2028 "\\" \u0001 é 𝄞 </script>', small: 1e-7, nested: [{ '': null }, [], {}, true] },
    createdAt: today,
    updatedAt: today,
  }));
  await db.modelConfig.createMany({ data: rows });
  return rows.map(({ id, settings }) => ({ id, settings }));
}

/** The default of a new organization. */
async function aDefault({ organization, admin }: World): Promise<string> {
  const input = {
    organizationId: organization.id,
    scope: 'ORGANIZATION' as const,
    provider: 'openai',
    modelId: 'gpt-4o',
    settings,
    isDefault: true,
  };
  const { data } = await ask(CreateConfig, { input }, { as: admin });
  const created = data?.createModelConfig;
  if (created?.__typename !== 'ModelConfig') throw new Error('There is no configuration');
  expect(created.settings).toEqual(settings);
  return created.id;
}

const ways: [string, string][] = [
  ['a page', 'modelConfigs(organizationId: $organization) { edges { node { ...Wanted } } }'],
  ['a page of an organization', 'organization(id: $organization) { modelConfigs { edges { node { ...Wanted } } } }'],
  ['a node', 'node(id: $id) { ...Wanted }'],
  ['nodes', 'nodes(ids: [$id]) { ...Wanted }'],
  ['entities', '_entities(representations: [$reference]) { ...Wanted }'],
  ['the default', 'organization(id: $organization) { effectiveDefaultModel { config { ...Wanted } } }'],
];

async function read(world: World, id: string, query: string) {
  const variables = { organization: world.organization.id, id, reference: { __typename: 'ModelConfig', id } };
  const used = Object.entries({ organization: 'ID!', id: 'ID!', reference: '_Any!' })
    .filter(([name]) => query.includes(`$${name}`))
    .map(([name, type]) => `$${name}: ${type}`);
  const { data, errors } = await ask(`query (${used.join(', ')}) ${query}`, variables, { as: world.member });
  expect(errors).toBe(undefined);
  return JSON.stringify(data);
}

describe('the settings of a configuration', () => {
  it.each(ways)('are shown by %s', async (_name, way) => {
    const world = await aWorld();
    const id = await aDefault(world);

    const shown = await read(world, id, `{ ${way} } fragment Wanted on ModelConfig { id modelId settings }`);

    expect(shown).toContain(JSON.stringify({ id, modelId: 'gpt-4o', settings }));
  });

  it('are shown where they are asked for, also beside places where they are not', async () => {
    const world = await aWorld();
    const id = await aDefault(world);
    const aliased = ways.flatMap(([, way], index) => [
      `without${index}: ${way.replace('...Wanted', 'id')}`.replace('{ id }', '{ ... on ModelConfig { id } }'),
      `with${index}: ${way}`,
    ]);

    const shown = await read(world, id, `{ ${aliased.join('\n')} } fragment Wanted on ModelConfig { id settings }`);

    expect(shown.split(JSON.stringify({ id, settings }))).toHaveLength(ways.length + 1);
    expect(shown.split(JSON.stringify({ id }))).toHaveLength(ways.length + 1);
  });

  it('are shown as the variables of each request say, however often it is sent', async () => {
    const world = await aWorld();
    const id = await aDefault(world);
    const query = `query ($id: ID!, $organization: ID!, $isWanted: Boolean!) {
      node(id: $id) { ...Wanted } modelConfigs(organizationId: $organization) { edges { node { ...Wanted } } } }
      fragment Wanted on ModelConfig { id settings @include(if: $isWanted) }`;

    // From the fourth time on it is compiled.
    for (const isWanted of [true, false, true, false, true, false, true, false]) {
      const variables = { id, organization: world.organization.id, isWanted };
      const { data, errors } = await ask(query, variables, { as: world.member });

      const shown = isWanted ? { id, settings } : { id };
      expect(errors).toBe(undefined);
      expect(data).toEqual({ node: shown, modelConfigs: { edges: [{ node: shown }] } });
    }
  });

  it('are shown of a default that is skipped', async () => {
    const world = await aWorld();
    const id = await aDefault(world);
    await db.modelConfig.update({ where: { id }, data: { modelId: 'gone' } });

    const shown = await read(
      world,
      id,
      '{ organization(id: $organization) { effectiveDefaultModel { skipped { config { id settings } } } } }',
    );

    expect(shown).toContain(JSON.stringify({ id, settings }));
  });

  it('are read by a list only where it shows them, in one statement either way', async () => {
    const world = await aWorld();
    const id = await aDefault(world);
    const statementsOf = async (selection: string) => {
      takeStatements();
      await read(world, id, `{ modelConfigs(organizationId: $organization) { edges { node { ${selection} } } } }`);
      const statements = takeStatements().filter((sql) => sql.includes('public."ModelConfig" c'));
      return statements.map((sql) => sql.includes('c."settings"'));
    };

    expect(await statementsOf('id settings')).toEqual([true]);
    expect(await statementsOf('id')).toEqual([false]);
    expect(await statementsOf('id settings @skip(if: true)')).toEqual([false]);
  });

  it('are read by ids for those alone that are asked for with them', async () => {
    const world = await aWorld();
    const [one, other] = [await aDefault(world), await aDefault(world)];
    const sight = { userId: world.member.id, organizations: { organizationIds: [world.organization.id] } };
    const keys = [
      { id: one, hasSettings: true },
      { id: other, hasSettings: false },
      { id: 'cfg_\0', hasSettings: true },
    ];

    const found = await findModelConfigs(db, sight, keys);

    expect(found).toMatchObject([{ id: one, settings: asText }, { id: other, settings: null }, null]);
  });

  it('are read of defaults for those organizations alone that are asked for with them', async () => {
    const [one, other] = [await aWorld(), await aWorld()];
    const [first, second] = [await aDefault(one), await aDefault(other)];
    const keys = [
      { id: one.organization.id, hasSettings: false },
      { id: other.organization.id, hasSettings: true },
    ];

    const found = await findDefaultConfigs(db, null, keys);

    expect(found).toMatchObject([
      { shared: { id: first, settings: null } },
      { shared: { id: second, settings: asText } },
    ]);
  });

  it('are those that were stored, on a page of 100 with all that configurations have, and in REST', async () => {
    const world = await aWorld();
    const stored = await aHundred(world);
    const as = world.member;

    const page = await ask(ListConfigs, { organizationId: world.organization.id, first: 100 }, { as });
    const list = await call('GET', '/v1/model-configs', { as });

    const nodes = page.data?.modelConfigs.edges.map(({ node }) => node);
    expect(nodes).toEqual(stored.map((row) => expect.objectContaining(row)));
    expect(nodes?.[7]).toMatchObject({ createdBy: { id: world.admin.id }, access: { allowed: true }, user: null });
    expect(list.body.data).toEqual(stored.map((row) => expect.objectContaining(row)));
  });

  it('are copied into a long answer, as the database has them', async () => {
    const world = await aWorld();
    await aDefault(world);
    const query = `query ($id: ID!) { modelConfigs(organizationId: $id, first: 100) { edges { node { settings } } } }`;
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf(world.member)}` };
    const body = JSON.stringify({ query, variables: { id: world.organization.id } });

    const response = await service.fetch(new Request('http://localhost/graphql', { method: 'POST', headers, body }));

    expect(await response.text()).toContain(`{"settings":${asText}}`);
  });
});
