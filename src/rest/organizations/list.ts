import { createRoute, z } from '@hono/zod-openapi';
import { define } from '../define.ts';
import { parseBody } from '../faults.ts';
import { graphql } from '../generated/gql.ts';
import { enteredBy } from '../organization-of.ts';
import { wholeNumber } from '../whole-number.ts';
import type { RestApp } from '../wire.ts';
import { errorResponses, OrganizationId, toSeconds } from './envelope.ts';

const OrganizationListed = z
  .object({
    id: OrganizationId,
    name: z.string().nullable(),
    description: z.null(),
    logo: z.null(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('OrganizationListed');

const ListQuery = z.object({
  skip: wholeNumber({ min: 0, byDefault: 0 }),
  limit: wholeNumber({ min: 1, max: 100, byDefault: 100 }),
  active_only: z.enum(['true', 'false']).default('true').openapi({ description: 'All are active.' }),
});

const ListOrganizations = graphql(`
  query RestOrganizations($first: Int!, $after: ID) {
    viewer {
      memberships(first: $first, after: $after) {
        organization {
          ...RestOrganizationListed
        }
      }
      apiKey {
        organization {
          ...RestOrganizationListed
        }
      }
    }
  }
  fragment RestOrganizationListed on Organization {
    id
    name
    createdAt
  }
`);

const listRoute = createRoute({
  method: 'get',
  path: '/v1/organizations',
  summary: 'The organizations that the caller may enter',
  request: { query: ListQuery },
  responses: {
    200: {
      description: 'One page of them, by id. `x-total-count` says how many there are in all.',
      content: { 'application/json': { schema: z.array(OrganizationListed) } },
    },
    ...errorResponses(401, 422),
  },
});

/** The route that lists organizations. */
export function defineOrganizationList(app: RestApp): void {
  define(app, listRoute, async ({ req, env }) => {
    const ids = await enteredBy(env.graph);
    const { skip, limit } = parseBody(ListQuery, req.query());
    const after = skip === 0 ? null : ids[Math.min(skip, ids.length) - 1];
    const { viewer } = await env.graph.ask(ListOrganizations, { first: limit, after });
    const own = viewer.apiKey?.organization;
    const listed = [...viewer.memberships.map(({ organization }) => organization), ...(own && skip === 0 ? [own] : [])];
    const page = listed.map(({ id, name, createdAt }) => ({
      id,
      name: name ?? null,
      description: null,
      logo: null,
      createdAt: toSeconds(createdAt),
      updatedAt: toSeconds(createdAt),
    }));
    return Response.json(page satisfies z.output<typeof OrganizationListed>[], {
      headers: { 'x-total-count': String(ids.length) },
    });
  });
}
