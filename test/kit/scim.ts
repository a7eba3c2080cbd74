import { graphql } from '../generated/gql.ts';
import type { CreateScimTokenInput } from '../generated/graphql.ts';
import type { Service } from './service.ts';
import type { World } from './world.ts';

export const CreateScimToken = graphql(`
  mutation CreateScimToken($input: CreateScimTokenInput!) {
    createScimToken(input: $input) {
      __typename
      ... on CreateScimTokenPayload {
        secret
        scimToken {
          id
          organizationId
          name
          issuer
          subjectAttribute
          last4
          createdBy {
            id
          }
          createdAt
          revokedAt
        }
      }
      ...RefusalFields
    }
  }
`);

export const RevokeScimToken = graphql(`
  mutation RevokeScimToken($input: RevokeScimTokenInput!) {
    revokeScimToken(input: $input) {
      __typename
      ... on ScimToken {
        id
        revokedAt
      }
      ...RefusalFields
    }
  }
`);

/** A SCIM token of this world's organization, as its owner makes it, with its secret. */
export async function aScimToken(
  { ask }: Pick<Service, 'ask'>,
  { organization, owner }: Pick<World, 'organization' | 'owner'>,
  input: Partial<CreateScimTokenInput> = {},
) {
  const given = { organizationId: organization.id, name: 'Directory', ...input };
  const { data } = await ask(CreateScimToken, { input: given }, { as: owner });
  const created = data?.createScimToken;
  if (created?.__typename !== 'CreateScimTokenPayload') throw new Error(JSON.stringify(created));
  return { ...created.scimToken, secret: created.secret };
}
