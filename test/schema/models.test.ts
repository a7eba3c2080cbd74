import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { graphql } from '../generated/gql.ts';
import { AllowedModels, UpdateSettings } from '../kit/operations.ts';
import { nothingRemembered, startService } from '../kit/service.ts';

const service = await startService({ limits: { aliases: 300, tokens: 10_000 } });
const { ask, aWorld } = service;
const catalog = readCatalog();

const MayIUse = graphql(`
  query MayIUse($organizationId: ID!, $modelKey: String!) {
    modelAccess(organizationId: $organizationId, modelKey: $modelKey) {
      allowed
      reasons
      primaryReason
      revision
      model {
        id
      }
    }
  }
`);

const Groups = graphql(`
  query Groups($organizationId: ID!) {
    modelGroups(organizationId: $organizationId) {
      baseModel
      displayName
      creator
      creatorDisplayName
      lowestCostPer1kTokens
      options {
        costPer1kTokens
        model {
          id
        }
        access {
          allowed
        }
      }
    }
  }
`);

const ManyModels = graphql(`
  query ManyModels($organizationId: ID!, $first: Int!) {
    organization(id: $organizationId) {
      modelSettings {
        defaultModel {
          id
          access(organizationId: $organizationId) {
            allowed
          }
        }
      }
      models(first: $first) {
        edges {
          node {
            id
            aliases
            lifecycle
            reasoning {
              supportsSummary
              googleThinkingMode
            }
            inputCostPer1kTokens
            outputCostPer1kTokens
            costPer1kTokens
            access(organizationId: $organizationId) {
              allowed
              reasons
              model {
                id
              }
            }
          }
        }
      }
    }
  }
`);

const WhenAdded = graphql(`
  query WhenAdded($id: ID!) {
    node(id: $id) {
      ... on Model {
        addedAt
        retiresAt
      }
    }
  }
`);

/** Everything that `models` lists, page by page. */
async function listAll(organizationId: string, filter: object, as: { id: string }, first = 100): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null | undefined;
  do {
    const { data } = await ask(AllowedModels, { organizationId, filter, first, after: after ?? null }, { as });
    ids.push(...(data?.models.edges ?? []).map(({ node }) => node.id));
    after = data?.models.pageInfo.hasNextPage ? data.models.pageInfo.endCursor : undefined;
  } while (after);
  return ids;
}

describe('models', () => {
  it('lists the catalog by provider, then by rank, the same in pages of any size', async () => {
    const { organization, member } = await aWorld();

    const inOnes = await listAll(organization.id, {}, member, 7);

    expect(inOnes).toEqual(catalog.models.map(({ id }) => id));
    expect(await listAll(organization.id, {}, member, 100)).toEqual(inOnes);
  });

  it('has 50 on a page by default, and counts them all', async () => {
    const { organization, member } = await aWorld();

    const { data } = await ask(AllowedModels, { organizationId: organization.id }, { as: member });

    expect(data?.models.edges).toHaveLength(50);
    expect(data?.models.totalCount).toBe(catalog.models.length);
  });

  it('say when they came into the catalog, and when they retire', async () => {
    const { member } = await aWorld();

    const { data } = await ask(WhenAdded, { id: 'mdl_openai/gpt-4-turbo' }, { as: member });

    const { addedAt, retiresAt } =
      catalog.find('openai/gpt-4-turbo') ?? expect.fail('gpt-4-turbo is not in the catalog');
    expect(data?.node).toEqual({ addedAt: `${addedAt}T00:00:00.000Z`, retiresAt: `${retiresAt}T00:00:00.000Z` });
  });

  it.each([
    ['provider', { provider: 'cohere' }, (id: string) => id.startsWith('mdl_cohere/')],
    ['web search', { supportsSearch: true }, (id: string) => catalog.byId(id)?.supportsSearch === true],
    ['reasoning', { supportsReasoning: true }, (id: string) => catalog.byId(id)?.reasoning !== null],
    ['no reasoning', { supportsReasoning: false }, (id: string) => catalog.byId(id)?.reasoning === null],
    ['lifecycle', { lifecycle: 'RETIRED' }, (id: string) => (catalog.byId(id)?.retiresAt ?? '9') <= '2026-11-22'],
    ['a part of the name', { search: 'SONNET' }, (id: string) => /sonnet/i.test(catalog.byId(id)?.displayName ?? '')],
  ])('can be filtered by %s', async (_, filter, holds) => {
    const { organization, member } = await aWorld();

    const ids = await listAll(organization.id, filter, member);

    expect(ids.length).toBeGreaterThan(0);
    expect(ids).toEqual(catalog.models.map(({ id }) => id).filter(holds));
  });

  it.each([
    ['a page that is too large', { first: 101 }, 'VALIDATION_ERROR'],
    ['a page of negative size', { first: -1 }, 'VALIDATION_ERROR'],
    ['a cursor of no list', { after: 'nonsense' }, 'VALIDATION_ERROR'],
    ['a cursor of another list', { after: Buffer.from('[1]').toString('base64url') }, 'VALIDATION_ERROR'],
    ['a provider that nobody knows', { filter: { provider: 'OpenAI' } }, 'INVALID_PROVIDER_SLUG'],
  ])('refuse %s', async (_, variables, code) => {
    const { organization, member } = await aWorld();

    const { errors } = await ask(AllowedModels, { organizationId: organization.id, ...variables }, { as: member });

    expect(errors?.[0]?.extensions).toMatchObject({ code });
  });

  it('that are listed as allowed are exactly those that modelAccess allows', async () => {
    const { organization, admin, member } = await aWorld();
    const disabled = fc.record({
      disabledProviders: fc.subarray(['openai', 'anthropic', 'google', 'mistral', 'cohere', 'aitronos']),
      disabledModels: fc.subarray(
        catalog.models.flatMap(({ names }) => names.slice(0, 2)),
        { maxLength: 20 },
      ),
    });

    await fc.assert(
      fc.asyncProperty(disabled, async (change) => {
        await ask(UpdateSettings, { input: { organizationId: organization.id, ...change } }, { as: admin });

        const listed = await listAll(organization.id, { allowed: true }, member);

        const keys = catalog.models.map(({ provider, modelId }) => `${provider}/${modelId}`);
        const query = `query All($o: ID!) { ${keys
          .map(
            (key, index) => `m${index}: modelAccess(organizationId: $o, modelKey: "${key}") { allowed model { id } }`,
          )
          .join('\n')} }`;
        const { data } = await ask<Record<string, { allowed: boolean; model: { id: string } }>, { o: string }>(
          query,
          { o: organization.id },
          { as: member },
        );
        const allowed = Object.values(data ?? {}).filter((access) => access.allowed);
        expect(allowed.map(({ model }) => model.id)).toEqual(listed);
      }),
      { numRuns: 15 },
    );
  });

  it('of a page ask the database as often for 100 as for 10', async () => {
    const { organization, admin, member } = await aWorld();
    const input = { organizationId: organization.id, defaultModelKey: 'claude-sonnet-4-6', disabledModels: ['gpt-4o'] };
    await ask(UpdateSettings, { input }, { as: admin });
    const forgetful = service.anotherInstance({ cache: nothingRemembered });
    const count = async (first: number) => {
      const { data, errors } = await forgetful.ask(
        ManyModels,
        { organizationId: organization.id, first },
        { as: member },
      );
      expect(errors).toBe(undefined);
      expect(data?.organization?.models.edges).toHaveLength(first);
      return forgetful.takeStatements();
    };

    const few = await count(10);
    const many = await count(100);

    expect(many).toEqual(few);
    // The session, the organization, its snapshot.
    expect(many).toHaveLength(3);
  });
});

describe('modelAccess', () => {
  it('tells whether, why not, and at which revision', async () => {
    const { organization, admin, member } = await aWorld();
    const input = { organizationId: organization.id, disabledProviders: ['openai'], disabledModels: ['gpt-4'] };
    await ask(UpdateSettings, { input }, { as: admin });
    const access = async (modelKey: string) =>
      (await ask(MayIUse, { organizationId: organization.id, modelKey }, { as: member })).data?.modelAccess;

    expect(await access('gpt-4')).toEqual({
      allowed: false,
      reasons: ['RETIRED', 'PROVIDER_DISABLED', 'MODEL_DISABLED'],
      primaryReason: 'RETIRED',
      revision: 1,
      model: { id: 'mdl_openai/gpt-4' },
    });
    expect(await access('anthropic/claude-sonnet-4-6')).toEqual({
      allowed: true,
      reasons: [],
      primaryReason: null,
      revision: 1,
      model: { id: 'mdl_anthropic/claude-sonnet-4-6' },
    });
    expect(await access('nobody/knows')).toMatchObject({ allowed: false, reasons: ['UNKNOWN_MODEL'], model: null });
  });
});

describe('modelGroups', () => {
  it('puts the versions of a model together, every model in one group, and tells the lowest price that is allowed', async () => {
    const { organization, admin, member } = await aWorld();
    const groups = async () =>
      (await ask(Groups, { organizationId: organization.id }, { as: member })).data?.modelGroups ?? [];

    const before = await groups();
    const listed = before.flatMap(({ options }) => options.map(({ model }) => model.id));
    expect(listed.toSorted()).toEqual(catalog.models.map(({ id }) => id).toSorted());

    const cheapest = before.find(({ baseModel }) => baseModel === catalog.find('claude-sonnet-4-6')?.baseModel);
    expect(cheapest?.lowestCostPer1kTokens).toBe('0.009');
    await ask(
      UpdateSettings,
      { input: { organizationId: organization.id, disabledProviders: ['anthropic'] } },
      { as: admin },
    );
    const after = (await groups()).find(({ baseModel }) => baseModel === cheapest?.baseModel);
    expect(after?.lowestCostPer1kTokens).toBe(null);
    expect(after?.options.every(({ access }) => !access.allowed)).toBe(true);
  });
});

describe('a model', () => {
  it('whose figures are not known says null, never 0', async () => {
    const { organization, member } = await aWorld();
    const { data } = await ask(ManyModels, { organizationId: organization.id, first: 100 }, { as: member });

    const unknown = data?.organization?.models.edges.find(({ node }) => node.id === 'mdl_aitronos/ftg-3.0')?.node;
    expect(unknown).toMatchObject({ inputCostPer1kTokens: null, outputCostPer1kTokens: null, costPer1kTokens: null });
  });
});
