import { randomBytes } from 'node:crypto';
import { graphql } from '../generated/gql.ts';
import type { ApiKeyScope, CreateProviderKeyInput } from '../generated/graphql.ts';
import type { Service } from './service.ts';
import type { World } from './world.ts';

export const CreateProviderKey = graphql(`
  mutation CreateProviderKey($input: CreateProviderKeyInput!) {
    createProviderKey(input: $input) {
      __typename
      ... on ProviderKey {
        id
        organization {
          id
        }
        provider
        name
        last4
        status
        isActive
        createdAt
        updatedAt
        lastUsedAt
      }
      ...RefusalFields
    }
  }
`);

export const UpdateProviderKey = graphql(`
  mutation UpdateProviderKey($input: UpdateProviderKeyInput!) {
    updateProviderKey(input: $input) {
      __typename
      ... on ProviderKey {
        id
        name
        status
        isActive
        createdAt
        updatedAt
      }
      ... on ModelgateError {
        code
        message
      }
    }
  }
`);

export const RotateProviderKey = graphql(`
  mutation RotateProviderKey($input: RotateProviderKeyInput!) {
    rotateProviderKey(input: $input) {
      __typename
      ... on ProviderKey {
        id
        last4
        updatedAt
      }
      ... on ModelgateError {
        code
        message
      }
    }
  }
`);

export const DeleteProviderKey = graphql(`
  mutation DeleteProviderKey($input: DeleteProviderKeyInput!) {
    deleteProviderKey(input: $input) {
      __typename
      ... on DeleteProviderKeyPayload {
        deletedId
        detachedModelConfigIds
      }
      ... on ModelgateError {
        code
        message
      }
      ... on ProviderKeyInUseError {
        modelConfigIds
      }
    }
  }
`);

export const ReadProviderKeySecret = graphql(`
  query ReadProviderKeySecret($id: ID!) {
    providerKeySecret(id: $id) {
      secret
      provider
      providerKey {
        id
        lastUsedAt
      }
    }
  }
`);

export const CreateApiKey = graphql(`
  mutation CreateApiKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      __typename
      ... on CreateApiKeyPayload {
        secret
        apiKey {
          id
          organization {
            id
          }
          name
          scopes
          last4
          createdBy {
            id
          }
          createdAt
          expiresAt
          revokedAt
          status
        }
      }
      ... on ModelgateError {
        code
        message
      }
    }
  }
`);

export const RevokeApiKey = graphql(`
  mutation RevokeApiKey($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) {
      __typename
      ... on ApiKey {
        id
        status
        revokedAt
      }
      ... on ModelgateError {
        code
        message
      }
    }
  }
`);

/** A key as a provider might have issued it, unlike any other. */
export function aSecret(): string {
  return `sk-${randomBytes(24).toString('hex')}`;
}

/** A new provider key of a world's organization, as its admin creates it. */
export async function aProviderKey(
  { ask }: Pick<Service, 'ask'>,
  { organization, admin }: Pick<World, 'organization' | 'admin'>,
  given: Partial<CreateProviderKeyInput> = {},
) {
  const secret = aSecret();
  const input = { organizationId: organization.id, provider: 'openai', name: 'Production', secret, ...given };
  const { data } = await ask(CreateProviderKey, { input }, { as: admin });
  const created = data?.createProviderKey;
  if (created?.__typename !== 'ProviderKey') throw new Error(JSON.stringify(created));
  return { ...created, secret: input.secret };
}

/** A new API key of a world's organization, as its owner creates it. */
export async function anApiKey(
  { ask }: Pick<Service, 'ask'>,
  { organization, owner }: World,
  scopes: ApiKeyScope[],
  expiresAt?: string,
) {
  const input = { organizationId: organization.id, name: 'Gateway', scopes, ...(expiresAt ? { expiresAt } : {}) };
  const { data } = await ask(CreateApiKey, { input }, { as: owner });
  const created = data?.createApiKey;
  if (created?.__typename !== 'CreateApiKeyPayload') throw new Error(JSON.stringify(created));
  return { ...created.apiKey, token: created.secret };
}
