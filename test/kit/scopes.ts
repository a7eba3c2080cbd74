import { expect } from 'vitest';
import { graphql } from '../generated/gql.ts';
import type { SetScopePolicyInput } from '../generated/graphql.ts';
import type { Service } from './service.ts';
import type { World } from './world.ts';

graphql(`
  fragment ScopeFields on ScopePolicy {
    subjectId
    kind
    disabledProviders
    disabledModels
    allowedModels
    deadSelectors
    selectorWarnings {
      selector
      nearest
    }
  }
`);

export const SetScope = graphql(`
  mutation SetScope($input: SetScopePolicyInput!) {
    setScopePolicy(input: $input) {
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
      }
      ...RefusalFields
    }
  }
`);

export const ClearScope = graphql(`
  mutation ClearScope($input: ClearScopePolicyInput!) {
    clearScopePolicy(input: $input) {
      __typename
      ... on PolicyPreview {
        changes {
          field
          removed
        }
      }
      ... on OrganizationModelSettings {
        settingsRevision: revision
      }
      ...RefusalFields
    }
  }
`);

export const ReadScopes = graphql(`
  query ReadScopes($organizationId: ID!, $subjectId: ID, $atRevision: Int) {
    organization(id: $organizationId) {
      revision
      scopePolicies(subjectId: $subjectId) {
        ...ScopeFields
      }
      policy(atRevision: $atRevision) {
        scopes {
          subjectId
          kind
          disabledModels
          allowedModels
        }
      }
    }
  }
`);

/** For what an admin, or the subject itself, is told about all models: by each field that decides for a subject. */
export const DecideFor = graphql(`
  query DecideFor($organizationId: ID!, $subjectId: ID) {
    models(organizationId: $organizationId, subjectId: $subjectId, filter: { allowed: true }, first: 100) {
      totalCount
      edges {
        node {
          id
        }
      }
    }
    organization(id: $organizationId) {
      models(subjectId: $subjectId, first: 100) {
        edges {
          node {
            id
            access(organizationId: $organizationId, subjectId: $subjectId) {
              allowed
              reasons
            }
          }
        }
      }
    }
    modelGroups(organizationId: $organizationId, subjectId: $subjectId) {
      options {
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

export const AskFor = graphql(`
  query AskFor($organizationId: ID!, $modelKey: String!, $subjectId: ID, $atRevision: Int) {
    modelAccess(
      organizationId: $organizationId
      modelKey: $modelKey
      subjectId: $subjectId
      atRevision: $atRevision
    ) {
      allowed
      reasons
      revision
    }
  }
`);

type Change = Omit<SetScopePolicyInput, 'organizationId' | 'subjectId'>;

/** Changes the lists of a subject, as the admin does, and expects that it was done. */
export async function setScope(
  { ask }: Pick<Service, 'ask'>,
  { organization, admin }: World,
  subjectId: string,
  change: Change,
) {
  const input = { organizationId: organization.id, subjectId, ...change };
  const { data } = await ask(SetScope, { input }, { as: admin });
  expect(data?.setScopePolicy).toMatchObject({ __typename: 'OrganizationModelSettings' });
}
