import { graphql } from '../generated/gql.ts';
import type { Service } from './service.ts';
import type { World } from './world.ts';

export const Refusals = graphql(`
  query Refusals($id: ID!, $from: DateTime!, $to: DateTime!, $first: Int, $after: String, $last: Int, $before: String) {
    organization(id: $id) {
      refusals(from: $from, to: $to, first: $first, after: $after, last: $last, before: $before) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
          startCursor
        }
        edges {
          node {
            subjectId
            user {
              id
            }
            modelKey
            model {
              id
            }
            reason
            count
            lastAt
          }
        }
      }
    }
  }
`);

/** The day of all tests, and the hour of what they ask. */
export const thatDay = { from: '2026-11-22T00:00:00Z', to: '2026-11-23T00:00:00Z' };

/** What an admin is told, after all that was counted was written. */
export async function refusalsOf(
  { ask, refusals }: Service,
  { organization, admin }: Pick<World, 'organization' | 'admin'>,
) {
  await refusals.flush();
  const { data } = await ask(Refusals, { id: organization.id, ...thatDay, first: 100 }, { as: admin });
  return data?.organization?.refusals?.edges.map(({ node }) => node);
}

/** May the organization use this model? Asked once, unlike other reads. */
export function askFor(
  { ask }: Service,
  organization: { id: string },
  modelKey: string,
  as: { as?: { id: string } } | { token: string },
) {
  const query =
    'query ($id: ID!, $key: String!) { modelAccess(organizationId: $id, modelKey: $key) { allowed reasons } }';
  return ask<{ modelAccess: { allowed: boolean } }, { id: string; key: string }>(
    query,
    { id: organization.id, key: modelKey },
    { ...as, once: true },
  );
}
