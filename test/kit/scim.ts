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

/** What a directory is answered. */
export interface ScimAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it.
  body: any;
}

/** Sends what a directory with this secret sends: `send('PATCH', '/Users/…', body)`. */
export function directoryOf({ fetch }: Pick<Service, 'fetch'>, secret: string) {
  return async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ScimAnswer> => {
    const response = await fetch(
      new Request(`http://localhost/scim/v2${path}`, {
        method,
        headers: {
          ...(secret === '' ? {} : { authorization: `Bearer ${secret}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
}

export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** The body of a PATCH. */
export const patch = (...operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: operations,
});

/** The query of a list with a filter. */
export const filtered = (filter: string, more = '') => `?filter=${encodeURIComponent(filter)}${more}`;

/** A world whose organization has a directory, and what it sends. */
export async function aDirectory(
  service: Pick<Service, 'ask' | 'fetch'> & { aWorld: () => Promise<World> },
  input = {},
) {
  const world = await service.aWorld();
  const token = await aScimToken(service, world, input);
  return { world, token, send: directoryOf(service, token.secret) };
}

let users = 0;

/** A user as a directory describes it, whom nobody else has. */
export function aScimUser<More extends object>(more?: More) {
  users += 1;
  const userName = `person${users}@example.com`;
  return { schemas: [userUrn], userName, externalId: `subject-${users}`, ...(more as More) };
}
