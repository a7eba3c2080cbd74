import { graphql } from '../generated/gql.ts';
import type { Service } from './service.ts';
import type { World } from './world.ts';

export const SetAlias = graphql(`
  mutation SetAlias($input: SetModelAliasInput!) {
    setModelAlias(input: $input) {
      __typename
      ... on PolicyPreview {
        revision
        changes {
          field
          added
          removed
        }
        impact {
          aliases {
            name
            from {
              id
            }
            to {
              id
            }
          }
        }
        document
      }
      ... on OrganizationModelSettings {
        settingsRevision: revision
        organization {
          modelAliases {
            name
            targets
          }
        }
      }
      ... on UnknownModelError {
        modelKey
      }
      ... on DefaultModelDisabledError {
        modelKey
        reasons
      }
      ...RefusalFields
    }
  }
`);

export const DeleteAlias = graphql(`
  mutation DeleteAlias($input: DeleteModelAliasInput!) {
    deleteModelAlias(input: $input) {
      __typename
      ... on PolicyPreview {
        changes {
          field
          added
          removed
        }
      }
      ... on OrganizationModelSettings {
        settingsRevision: revision
        organization {
          modelAliases {
            name
            targets
          }
        }
      }
      ...RefusalFields
    }
  }
`);

export const ReadAliases = graphql(`
  query ReadAliases($organizationId: ID!) {
    organization(id: $organizationId) {
      revision
      modelAliases {
        name
        targets
        models {
          modelKey
          access {
            model {
              id
            }
            allowed
            reasons
          }
        }
        model {
          id
        }
        shadows {
          id
        }
      }
    }
  }
`);

export const Resolve = graphql(`
  query Resolve($organizationId: ID!, $modelKey: String!, $subjectId: ID) {
    resolveModel(organizationId: $organizationId, modelKey: $modelKey, subjectId: $subjectId) {
      source
      model {
        id
      }
      config {
        id
        settings
      }
      skipped {
        modelKey
        access {
          reasons
        }
      }
      access {
        allowed
        reasons
        revision
      }
      validUntil
    }
  }
`);

/** What the people of one organization do with its aliases: its admin, unless another is named. */
export function aliasesOf({ ask }: Pick<Service, 'ask'>) {
  return {
    set: async ({ organization, admin }: World, name: string, targets: string[], more: object = {}, as = admin) => {
      const input = { organizationId: organization.id, name, targets, ...more };
      return (await ask(SetAlias, { input }, { as })).data?.setModelAlias;
    },
    drop: async ({ organization, admin }: World, name: string, more: object = {}, as = admin) => {
      const input = { organizationId: organization.id, name, ...more };
      return (await ask(DeleteAlias, { input }, { as })).data?.deleteModelAlias;
    },
    read: async ({ organization, member }: World, as: { id: string } = member) => {
      const { data } = await ask(ReadAliases, { organizationId: organization.id }, { as });
      return data?.organization;
    },
  };
}
