import { describe, expect, it } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { graphql } from '../generated/gql.ts';
import { CreateConfig, EffectiveDefault, ListConfigs, MakeDefault } from '../kit/config-operations.ts';
import { ReadHistory, UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import { aMember } from '../kit/world.ts';

const { ask, aWorld, db, heard, takeStatements } = await startService();
const catalog = readCatalog();

const PageOfConfigs = graphql(`
  query PageOfConfigs($organizationId: ID!, $first: Int!) {
    modelConfigs(organizationId: $organizationId, first: $first) {
      edges {
        node {
          id
          displayName
          keyStatus
          costPer1kTokens
          model {
            id
            keyStatus(organizationId: $organizationId)
          }
          access {
            allowed
          }
          providerKey {
            id
            last4
          }
          createdBy {
            id
            name
          }
          user {
            id
          }
          organization {
            id
            name
          }
        }
      }
    }
  }
`);

const OwnConfigs = graphql(`
  query OwnConfigs($first: Int, $after: String, $organizationId: ID!) {
    caller {
      modelConfigs(first: $first, after: $after, orderBy: { field: DISPLAY_NAME, direction: DESC }) {
        edges {
          node {
            id
            displayName
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
        totalCount
      }
    }
    organization(id: $organizationId) {
      modelConfigs(filter: { scope: USER }) {
        totalCount
      }
    }
  }
`);

const ConfiguredGroups = graphql(`
  query ConfiguredGroups($organizationId: ID!) {
    modelGroups(organizationId: $organizationId, configuredOnly: true) {
      isConfigured
      options {
        isConfigured
        modelConfigIds
        keyStatus
        model {
          id
        }
      }
    }
  }
`);

const usable = catalog.models.filter(({ retiresAt }) => retiresAt === null);

async function create(as: { id: string }, organizationId: string, more: object = {}): Promise<string> {
  const input = { organizationId, provider: 'anthropic', modelId: 'claude-sonnet-4-6', ...more };
  const { data } = await ask(CreateConfig, { input }, { as });
  const result = data?.createModelConfig;
  expect(result).toMatchObject({ __typename: 'ModelConfig' });
  return result && 'id' in result ? result.id : '';
}

async function list(as: { id: string }, organizationId: string, args: object = {}) {
  const { data, errors } = await ask(ListConfigs, { organizationId, ...args }, { as });
  expect(errors).toBe(undefined);
  const { edges = [], pageInfo, totalCount } = data?.modelConfigs ?? {};
  return { ids: edges.map(({ node }) => node.id), nodes: edges.map(({ node }) => node), pageInfo, totalCount };
}

/** Seven configurations of as many models, the last two being the member's own. */
async function aListOfConfigs() {
  const world = await aWorld();
  const { organization, admin, member } = world;
  const ids: string[] = [];
  for (const [index, { provider, modelId }] of usable.slice(0, 7).entries()) {
    const isOwn = index >= 5;
    ids.push(
      await create(isOwn ? member : admin, organization.id, {
        provider,
        modelId,
        scope: isOwn ? 'USER' : 'ORGANIZATION',
      }),
    );
  }
  return { ...world, ids };
}

describe('modelConfigs', () => {
  it("lists what the organization shares and the viewer's own, the oldest first", async () => {
    const { organization, admin, member, ids } = await aListOfConfigs();

    expect(await list(member, organization.id)).toMatchObject({ ids, totalCount: 7 });
    expect(await list(admin, organization.id)).toMatchObject({ ids: ids.slice(0, 5), totalCount: 5 });
  });

  it.each([
    ['created', { field: 'CREATED_AT', direction: 'ASC' }],
    ['created, newest first', { field: 'CREATED_AT', direction: 'DESC' }],
    ['name', { field: 'DISPLAY_NAME', direction: 'ASC' }],
    ['name, last first', { field: 'DISPLAY_NAME', direction: 'DESC' }],
  ])('is the same in pages of any size and from both ends, by %s', async (_, orderBy) => {
    const { organization, member, ids } = await aListOfConfigs();

    const whole = (await list(member, organization.id, { orderBy })).ids;
    expect(whole.toSorted()).toEqual(ids.toSorted());

    const forward: string[] = [];
    let after: string | null | undefined = null;
    do {
      const page = await list(member, organization.id, { orderBy, first: 3, after });
      forward.push(...page.ids);
      after = page.pageInfo?.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect(forward).toEqual(whole);

    const backward: string[] = [];
    let before: string | null | undefined = null;
    do {
      const page = await list(member, organization.id, { orderBy, last: 3, before });
      backward.unshift(...page.ids);
      before = page.pageInfo?.hasPreviousPage ? page.pageInfo.startCursor : null;
    } while (before);
    expect(backward).toEqual(whole);
  });

  it('orders by display name', async () => {
    const { organization, member } = await aListOfConfigs();

    const { nodes } = await list(member, organization.id, { orderBy: { field: 'DISPLAY_NAME', direction: 'ASC' } });

    const names = nodes.map(({ displayName }) => displayName);
    expect(names).toEqual(names.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  it('shifts nothing when rows come or go between two pages', async () => {
    const { organization, member, ids } = await aListOfConfigs();
    const first = await list(member, organization.id, { first: 3 });

    await db.modelConfig.delete({ where: { id: ids[2] ?? '' } });
    const second = await list(member, organization.id, { first: 3, after: first.pageInfo?.endCursor });

    expect(second.ids).toEqual(ids.slice(3, 6));
  });

  it('can be filtered by everything that it tells', async () => {
    const { organization, admin, member, ids } = await aListOfConfigs();
    const searching = usable.find(({ supportsSearch }) => supportsSearch);
    const search = await create(admin, organization.id, {
      provider: searching?.provider,
      modelId: searching?.modelId,
      scope: 'ORGANIZATION',
    });
    await ask(MakeDefault, { input: { id: ids[0] ?? '' } }, { as: admin });
    await db.modelConfig.update({ where: { id: ids[1] ?? '' }, data: { isEnabled: false } });
    const [first] = usable;
    const disabledModels = [`${first?.provider}/${first?.modelId}`];
    await ask(MakeDefault, { input: { id: ids[2] ?? '' } }, { as: admin });
    await ask(UpdateSettings, { input: { organizationId: organization.id, disabledModels } }, { as: admin });
    const all = await list(member, organization.id);
    const filtered = async (filter: object) => {
      const { ids: found, totalCount } = await list(member, organization.id, { filter });
      expect(totalCount).toBe(found.length);
      return found;
    };
    const where = (holds: (node: (typeof all.nodes)[number]) => boolean) => all.nodes.filter(holds).map(({ id }) => id);

    expect(await filtered({ allowed: false })).toEqual([ids[0]]);
    expect(await filtered({ allowed: true })).toEqual(where(({ access }) => access.allowed));
    expect(await filtered({ provider: 'anthropic' })).toEqual(where(({ provider }) => provider === 'anthropic'));
    expect(await filtered({ modelId: first?.modelId })).toEqual(where(({ modelId }) => modelId === first?.modelId));
    expect(await filtered({ scope: 'USER' })).toEqual(ids.slice(5));
    expect(await filtered({ scope: 'ORGANIZATION' })).toEqual([...ids.slice(0, 5), search]);
    expect(await filtered({ isEnabled: false })).toEqual([ids[1]]);
    expect(await filtered({ isDefault: true })).toEqual([ids[2]]);
    expect(await filtered({ supportsSearch: true, isEnabled: true })).toContain(search);
    expect(await filtered({ supportsSearch: false })).toEqual(
      where(({ provider, modelId }) => !catalog.find(`${provider}/${modelId}`)?.supportsSearch),
    );
    expect(await filtered({ keyStatus: 'NEEDS_SETUP' })).toEqual(all.ids);
    expect(await filtered({ keyStatus: 'CUSTOM' })).toEqual([]);
  });

  it.each([
    [
      'a cursor of another order',
      { orderBy: { field: 'CREATED_AT', direction: 'ASC' }, after: Buffer.from('["a","b"]').toString('base64url') },
    ],
    ['a page that is too large', { first: 101 }],
  ])('refuse %s', async (_, args) => {
    const { organization, member } = await aWorld();

    const { errors } = await ask(ListConfigs, { organizationId: organization.id, ...args } as never, { as: member });

    expect(errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  it('of a page of 50 ask the database no more than one of 10 may', async () => {
    const { organization, admin, member } = await aWorld();
    const people = [admin, ...(await Promise.all(Array.from({ length: 5 }, () => aMember(db, organization, 'ADMIN'))))];
    await db.providerKey.createMany({
      data: ['anthropic', 'openai'].map((provider) => ({
        id: `key_${organization.id}${provider}`,
        organizationId: organization.id,
        provider,
        name: provider,
        sealed: Buffer.from('sealed'),
        masterKeyId: 'test',
        last4: 'abcd',
        createdAt: new Date(),
        updatedAt: new Date(),
      })),
    });
    await db.modelConfig.createMany({
      data: Array.from({ length: 60 }, (_, index) => {
        const { provider, modelId } = usable[index % usable.length] ?? { provider: '', modelId: '' };
        return {
          id: `cfg_${organization.id}${String(index).padStart(3, '0')}`,
          organizationId: organization.id,
          creatorId: people[index % people.length]?.id ?? '',
          provider,
          modelId,
          providerKeyId: ['anthropic', 'openai'].includes(provider) ? `key_${organization.id}${provider}` : null,
          createdAt: new Date(),
          updatedAt: new Date(),
        };
      }),
    });
    const count = async (first: number) => {
      takeStatements();
      const { data, errors } = await ask(PageOfConfigs, { organizationId: organization.id, first }, { as: member });
      expect(errors).toBe(undefined);
      expect(data?.modelConfigs.edges).toHaveLength(first);
      return takeStatements();
    };

    const few = await count(10);
    const many = await count(50);

    // Whether two kinds of look-ups of users meet in one batch is a matter of timing; that rows add none is not.
    for (const statements of [few, many]) expect(statements.length).toBeLessThanOrEqual(12);
  });

  it('of the viewer are its own in all organizations', async () => {
    const { organization, member, foreignOrganization } = await aWorld();
    await db.membership.create({ data: { organizationId: foreignOrganization.id, userId: member.id, role: 'MEMBER' } });
    const ids: string[] = [];
    for (const [index, { provider, modelId }] of usable.slice(0, 6).entries()) {
      const place = index % 2 ? organization : foreignOrganization;
      ids.push(await create(member, place.id, { provider, modelId }));
    }

    const pageAfter = async (after: string | null) => {
      const { data } = await ask(OwnConfigs, { first: 4, after, organizationId: organization.id }, { as: member });
      expect(data?.organization?.modelConfigs.totalCount).toBe(3);
      return data?.caller.modelConfigs;
    };
    const first = await pageAfter(null);
    const second = await pageAfter(first?.pageInfo.endCursor ?? null);
    const nodes = [...(first?.edges ?? []), ...(second?.edges ?? [])].map(({ node }) => node);
    const [found, names] = [nodes.map((node) => node.id), nodes.map((node) => node.displayName)];

    expect(first).toMatchObject({ totalCount: 6, edges: { length: 4 }, pageInfo: { hasNextPage: true } });
    expect(second).toMatchObject({ totalCount: 6, edges: { length: 2 }, pageInfo: { hasNextPage: false } });
    expect(found.toSorted()).toEqual(ids.toSorted());
    expect(names).toEqual(names.toSorted((a, b) => (a < b ? 1 : -1)));
  });
});

describe('modelGroups', () => {
  it('can be those alone that are configured, and name the configurations', async () => {
    const { organization, member } = await aWorld();
    const id = await create(member, organization.id);

    const { data } = await ask(ConfiguredGroups, { organizationId: organization.id }, { as: member });

    const options = data?.modelGroups.flatMap((group) => group.options).filter((option) => option.isConfigured);
    expect(data?.modelGroups).toHaveLength(1);
    expect(options).toEqual([
      {
        isConfigured: true,
        modelConfigIds: [id],
        keyStatus: 'NEEDS_SETUP',
        model: { id: 'mdl_anthropic/claude-sonnet-4-6' },
      },
    ]);
  });
});

describe('effectiveDefaultModel', () => {
  const effective = async (as: { id: string }, organizationId: string) =>
    (await ask(EffectiveDefault, { organizationId }, { as })).data?.organization?.effectiveDefaultModel;
  const opus = usable.find(({ provider }) => provider === 'mistral');
  const command = usable.find(({ provider }) => provider === 'cohere');

  it('is none where nothing is said', async () => {
    const { organization, member } = await aWorld();

    expect(await effective(member, organization.id)).toEqual({ source: null, model: null, config: null, skipped: [] });
  });

  it('is no configuration that is not made one', async () => {
    const { organization, admin, member } = await aWorld();
    await create(admin, organization.id, { scope: 'ORGANIZATION' });
    await create(member, organization.id);

    expect(await effective(member, organization.id)).toEqual({ source: null, model: null, config: null, skipped: [] });
  });

  it('is that of each organization, where several are asked about together', async () => {
    const { organization, foreignOrganization, member, stranger } = await aWorld();
    await db.membership.create({
      data: { organizationId: foreignOrganization.id, userId: member.id, role: 'MEMBER' },
    });
    await heard();
    const [here, there] = [
      await create(member, organization.id, { isDefault: true }),
      await create(stranger, foreignOrganization.id, { isDefault: true, scope: 'ORGANIZATION' }),
    ];

    const { data } = await ask<
      Record<string, { effectiveDefaultModel: { config: { id: string } } }>,
      { here: string; there: string }
    >(
      `query ($here: ID!, $there: ID!) {
        here: organization(id: $here) { effectiveDefaultModel { config { id } } }
        there: organization(id: $there) { effectiveDefaultModel { config { id } } }
      }`,
      { here: organization.id, there: foreignOrganization.id },
      { as: member },
    );

    expect([data?.here, data?.there].map((one) => one?.effectiveDefaultModel.config.id)).toEqual([here, there]);
  });

  it("is the caller's own, else the organization's, else that of the settings", async () => {
    const { organization, admin, member } = await aWorld();
    const settings = { organizationId: organization.id, defaultModelKey: 'claude-sonnet-4-6' };
    await ask(UpdateSettings, { input: settings }, { as: admin });
    expect(await effective(member, organization.id)).toMatchObject({ source: 'ORGANIZATION_SETTINGS', config: null });

    const shared = await create(admin, organization.id, {
      provider: 'mistral',
      modelId: opus?.modelId,
      scope: 'ORGANIZATION',
      isDefault: true,
    });
    const own = await create(member, organization.id, {
      provider: 'cohere',
      modelId: command?.modelId,
      isDefault: true,
    });

    expect(await effective(member, organization.id)).toEqual({
      source: 'USER_CONFIG',
      model: { id: command?.id },
      config: { id: own },
      skipped: [],
    });
    expect(await effective(admin, organization.id)).toMatchObject({
      source: 'ORGANIZATION_CONFIG',
      config: { id: shared },
    });
  });

  it('skips what the policy does not allow, names why, and comes back when it does', async () => {
    const { organization, admin, member } = await aWorld();
    const own = await create(member, organization.id, {
      provider: 'cohere',
      modelId: command?.modelId,
      isDefault: true,
    });
    await ask(
      UpdateSettings,
      { input: { organizationId: organization.id, defaultModelKey: 'claude-sonnet-4-6' } },
      { as: admin },
    );
    const disable = (disabledProviders: string[]) =>
      ask(UpdateSettings, { input: { organizationId: organization.id, disabledProviders } }, { as: admin });

    await disable(['cohere']);
    expect(await effective(member, organization.id)).toMatchObject({
      source: 'ORGANIZATION_SETTINGS',
      model: { id: 'mdl_anthropic/claude-sonnet-4-6' },
      skipped: [
        {
          source: 'USER_CONFIG',
          modelKey: `cohere/${command?.modelId}`,
          config: { id: own },
          access: { reasons: ['PROVIDER_DISABLED'] },
        },
      ],
    });

    await disable([]);
    expect(await effective(member, organization.id)).toMatchObject({
      source: 'USER_CONFIG',
      config: { id: own },
      skipped: [],
    });
  });
});

describe('the history', () => {
  it("tells that a user's own configuration was changed, but what is in it to that user alone", async () => {
    const { organization, admin, owner } = await aWorld();
    await create(admin, organization.id, { settings: { private: 'prompt' } });

    const seen = await ask(ReadHistory, { organizationId: organization.id }, { as: owner });
    const own = await ask(ReadHistory, { organizationId: organization.id }, { as: admin });

    expect(seen.data?.organization?.revisions?.edges).toMatchObject([
      { node: { action: 'MODEL_CONFIG_CREATED', changes: [] } },
    ]);
    expect(JSON.stringify(seen.data)).not.toContain('prompt');
    expect(JSON.stringify(own.data)).toContain('prompt');
  });
});
