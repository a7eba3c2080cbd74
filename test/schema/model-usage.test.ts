import { describe, expect, it } from 'vitest';
import { graphql } from '../generated/gql.ts';
import { nothingRemembered, startService } from '../kit/service.ts';
import { aReport, ReadUsage, record } from '../kit/usage.ts';
import { aMember, type World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db } = service;

const UsageOfOrganizations = graphql(`
  query UsageOfOrganizations($ids: [ID!]!, $from: DateTime) {
    nodes(ids: $ids) {
      ... on Organization {
        modelConfigUsage(from: $from, first: 100) {
          usageCount
          model {
            displayName
          }
        }
        modelsInUse {
          id
        }
      }
    }
  }
`);

const ModelsInUse = graphql(`
  query ModelsInUse($organizationId: ID!) {
    modelsInUse(organizationId: $organizationId) {
      id
    }
  }
`);

/** A world in which one record of one token was used at each of these times. */
async function aWorldWithUsageAt(...times: string[]): Promise<World> {
  const world = await aWorld();
  const records = times.map((usedAt) => aReport({ promptTokens: 1, completionTokens: 0, usedAt }));
  await record(service, world.organization, world.admin, records);
  return world;
}

describe('modelConfigUsage', () => {
  const times = [
    '2026-03-01T09:59:59.999Z',
    '2026-03-01T10:00:00Z',
    '2026-03-01T23:59:59.999Z',
    '2026-03-02T00:00:00Z',
    '2026-03-04T11:59:59.999Z',
    '2026-03-04T12:00:00Z',
  ];

  it.each([
    ['all', null, null, 6],
    ['the end open', '2026-03-01T10:00:00Z', null, 5],
    ['the beginning open', null, '2026-03-04T12:00:00Z', 5],
    ['days with hours before and after', '2026-03-01T10:00:00Z', '2026-03-04T12:00:00Z', 4],
    ['hours over midnight', '2026-03-01T23:00:00Z', '2026-03-02T01:00:00Z', 2],
    ['one day', '2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', 3],
    ['hours of one day', '2026-03-01T10:00:00Z', '2026-03-01T12:00:00Z', 1],
    ['ends that are not on the hour', '2026-03-01T10:59:00Z', '2026-03-04T12:30:00Z', 4],
    ['ends of another offset', '2026-03-01T15:30:00+05:30', '2026-03-04T17:30:00+05:30', 4],
    ['a period without use', '2020-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 0],
  ])('counts %s', async (_, from, to, count) => {
    const { organization, member } = await aWorldWithUsageAt(...times);

    const { data } = await ask(ReadUsage, { organizationId: organization.id, from, to }, { as: member });

    expect(data?.modelConfigUsage.map(({ usageCount }) => usageCount)).toEqual(count === 0 ? [] : [String(count)]);
  });

  it.each([
    ['that ends before it begins', '2026-03-02T00:00:00Z', '2026-03-01T00:00:00Z', 'to'],
    ['within one hour', '2026-03-01T10:10:00Z', '2026-03-01T10:50:00Z', 'to'],
    ['before the year 2000', '0000-01-01T00:00:00Z', null, 'from'],
  ])('refuses a period %s', async (_, from, to, path) => {
    const { organization, member } = await aWorld();

    const { errors } = await ask(ReadUsage, { organizationId: organization.id, from, to }, { as: member });

    expect(errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_ERROR', details: { issues: [{ path }] } });
  });

  it('says which cost is not known, and adds up the others', async () => {
    const { organization, admin, member } = await aWorld();
    const unpriced = aReport({ modelKey: 'openai/unheard-of' });
    await record(service, organization, admin, [aReport(), unpriced, aReport()]);

    const { data } = await ask(ReadUsage, { organizationId: organization.id }, { as: member });

    expect(data?.modelConfigUsage).toMatchObject([
      { modelId: 'gpt-4o', cost: '0.015', unpricedCount: '0' },
      { modelId: 'unheard-of', cost: null, unpricedCount: '1' },
    ]);
  });

  it('of many organizations asks the database as often as that of one', async () => {
    const worlds = await Promise.all([1, 2, 3].map(() => aWorldWithUsageAt('2026-03-01T09:00:00Z')));
    const ids = worlds.map(({ organization }) => organization.id);
    const [first] = worlds;
    const viewer = await aMember(db, { id: ids[0] ?? '' }, 'MEMBER');
    for (const organizationId of ids.slice(1)) {
      await db.membership.create({ data: { organizationId, userId: viewer.id, role: 'MEMBER' } });
    }
    const forgetful = service.anotherInstance({ cache: nothingRemembered });
    const count = async (asked: string[]) => {
      const variables = { ids: asked, from: '2026-02-28T12:00:00Z' };
      const { data } = await forgetful.ask(UsageOfOrganizations, variables, { as: viewer });
      return { nodes: data?.nodes, statements: forgetful.takeStatements().length };
    };

    const one = await count([first?.organization.id ?? '']);
    const many = await count(ids);

    const expected = { modelConfigUsage: [{ usageCount: '1' }], modelsInUse: [{ id: 'mdl_openai/gpt-4o' }] };
    expect(many.nodes).toMatchObject([expected, expected, expected]);
    expect(many.statements).toBe(one.statements);
  });
});

describe('modelsInUse', () => {
  it('are those that were used, those of shared configurations and of my own, in the order of the catalog', async () => {
    const world = await aWorldWithUsageAt('2026-03-01T09:00:00Z');
    const { organization, admin, member, owner } = world;
    const configure = (modelId: string, userId: string | null) =>
      db.modelConfig.create({
        data: {
          id: `cfg_${modelId}_${organization.id}`,
          organizationId: organization.id,
          userId,
          creatorId: owner.id,
          provider: 'anthropic',
          modelId,
          createdAt: new Date(),
          updatedAt: new Date(),
        },
      });
    await configure('claude-sonnet-4-6', null);
    await configure('claude-opus-4-6', member.id);
    await record(service, organization, admin, [aReport({ modelKey: 'openai/unheard-of' }), aReport()]);
    const modelsOf = async (as: { id: string }) => {
      const { data } = await ask(ModelsInUse, { organizationId: organization.id }, { as });
      return data?.modelsInUse.map(({ id }) => id);
    };

    expect(await modelsOf(owner)).toEqual(['mdl_anthropic/claude-sonnet-4-6', 'mdl_openai/gpt-4o']);
    expect((await modelsOf(member))?.toSorted()).toEqual([
      'mdl_anthropic/claude-opus-4-6',
      'mdl_anthropic/claude-sonnet-4-6',
      'mdl_openai/gpt-4o',
    ]);
  });
});
