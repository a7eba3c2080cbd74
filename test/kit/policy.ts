import fc from 'fast-check';
import { providerSlugs } from '../../src/catalog/providers.ts';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { graphql } from '../generated/gql.ts';

graphql(`
  fragment ImpactFields on PolicyImpact {
    newlyBlocked(first: 100) {
      model {
        id
      }
      before
      after
      recentUses
      recentUsers
    }
    newlyBlockedCount
    newlyAllowed(first: 100) {
      model {
        id
      }
      before
      after
    }
    newlyAllowedCount
    modelConfigs {
      id
    }
    modelConfigCount
    hiddenModelConfigCount
    defaults {
      from {
        id
      }
      to {
        id
      }
      members
    }
    membersLeftWithoutModel
    recentUses
    recentCost
  }
`);

graphql(`
  fragment OutcomeFields on UpdateModelSettingsResult {
    __typename
    ... on PolicyPreview {
      revision
      changes {
        field
        added
        removed
      }
      document
      impact {
        ...ImpactFields
      }
    }
    ... on OrganizationModelSettings {
      settingsRevision: revision
      updatedAt
    }
    ...RefusalFields
  }
`);

export const ChangePolicy = graphql(`
  mutation ChangePolicy($input: UpdateModelSettingsInput!) {
    updateModelSettings(input: $input) {
      ...OutcomeFields
    }
  }
`);

export const RestorePolicy = graphql(`
  mutation RestorePolicy($input: RestorePolicyInput!) {
    restorePolicy(input: $input) {
      __typename
      ... on PolicyPreview {
        revision
        document
        impact {
          newlyBlockedCount
          newlyAllowedCount
        }
      }
      ... on OrganizationModelSettings {
        settingsRevision: revision
      }
      ...RefusalFields
    }
  }
`);

export const ReadPolicy = graphql(`
  query ReadPolicy($organizationId: ID!, $atRevision: Int) {
    organization(id: $organizationId) {
      policy(atRevision: $atRevision) {
        revision
        disabledProviders
        disabledModels
        defaultModelKey
        sinceRevision
        changedAt
        changedBy {
          id
        }
        document
      }
    }
  }
`);

export const DiffPolicy = graphql(`
  query DiffPolicy($organizationId: ID!, $from: Int!, $to: Int) {
    organization(id: $organizationId) {
      policyDiff(from: $from, to: $to) {
        from
        to
        changes {
          field
          added
          removed
        }
        impact {
          newlyBlockedCount
          newlyAllowedCount
        }
      }
    }
  }
`);

const catalog = readCatalog();
const keys = catalog.models.flatMap(({ provider, modelId }) => [modelId, `${provider}/${modelId}`]);
const chatKeys = catalog.models
  .filter(({ kind }) => kind === 'CHAT')
  .map(({ provider, modelId }) => `${provider}/${modelId}`);

const selectors = fc.oneof(
  fc.constantFrom(...keys),
  fc.constantFrom('a model of tomorrow', 'gpt-4o*', 'openai/*', 'claude-*', 'gone*'),
);

/** Changes of model settings at random; many of them are refused, since the default would not be allowed. */
export const anyChange = fc.record(
  {
    disabledProviders: fc.subarray([...providerSlugs], { maxLength: 4 }),
    disabledModels: fc.uniqueArray(fc.constantFrom(...keys, 'a model of tomorrow'), { maxLength: 6 }),
    // Most lists refuse the default, and so the change.
    allowedModels: fc.oneof(
      { weight: 4, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.uniqueArray(selectors, { maxLength: 4 }) },
    ),
    defaultModelKey: fc.option(fc.constantFrom(...chatKeys), { nil: null }),
    newModels: fc.constantFrom('ALLOW' as const, 'REVIEW' as const),
  },
  { requiredKeys: [] },
);

/** Documents at random, of all fields of a policy, for an organization that has these subjects. */
export function anyDocument(subjectIds: readonly string[]) {
  const models = fc.uniqueArray(
    fc.oneof(
      selectors,
      fc.constantFrom(...catalog.models).map(({ displayName }) => displayName),
      fc.constantFrom(...catalog.models).map(({ id }) => id.toUpperCase().replace('MDL_', 'mdl_')),
    ),
    { maxLength: 5 },
  );
  const lists = {
    disabledProviders: fc.subarray([...providerSlugs], { maxLength: 2 }),
    disabledModels: models,
    allowedModels: fc.option(models, { freq: 2 }),
  };
  const aliases = ['fast', 'best', 'constructor', '42'];
  return fc.record(
    {
      ...lists,
      defaultModelKey: fc.option(fc.constantFrom(...chatKeys, ...aliases), { freq: 2 }),
      newModels: fc.constantFrom('ALLOW', 'REVIEW'),
      reviewedAt: fc.option(fc.constantFrom('2026-11-01T00:00:00Z', '2026-11-22T00:00:00.000Z')),
      approvedModels: fc.uniqueArray(fc.constantFrom(...keys, 'a model of tomorrow'), { maxLength: 5 }),
      aliases: fc.dictionary(
        fc.constantFrom(...aliases),
        fc.uniqueArray(fc.constantFrom(...chatKeys), { minLength: 1, maxLength: 3 }),
      ),
      scopes: fc.dictionary(fc.constantFrom(...subjectIds), fc.record(lists, { requiredKeys: [] })),
    },
    { requiredKeys: [] },
  );
}
