import { createRoute, z } from '@hono/zod-openapi';
import { define } from '../define.ts';
import { parseBody } from '../faults.ts';
import { graphql } from '../generated/gql.ts';
import type { RestOrganizationListedFragment } from '../generated/graphql.ts';
import type { Graph } from '../graph.ts';
import { HttpError } from '../http-error.ts';
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

const Organization = z
  .object({
    id: OrganizationId,
    name: z.string().nullable(),
    type: z.literal('Work'),
    description: z.null(),
    website: z.null(),
    industry: z.null(),
    company_size: z.null(),
    logo_image: z.null(),
    image_url: z.null(),
    is_active: z.literal(true),
    owner_id: z.string().nullable().openapi({ description: 'The owner of longest standing.' }),
    api_usage_limit: z.null(),
    total_usage_limit: z.null(),
    storage_free_bytes_allowance: z.null(),
    pricing_tier_id: z.null(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .openapi('Organization', { description: 'What Modelgate does not keep of an organization is null.' });

const ListQuery = z.object({
  skip: wholeNumber({ min: 0, byDefault: 0 }),
  limit: wholeNumber({ min: 1, max: 100, byDefault: 100 }),
  active_only: z.enum(['true', 'false']).default('true').openapi({ description: 'All are active.' }),
});

/** Memberships are counted in the cost of what reads them: this many at a time are 4,200 points. */
const ListEntered = graphql(`
  query RestEntered($after: ID) {
    viewer {
      kind
      memberships(first: 1000, after: $after) {
        organizationId
      }
      apiKey {
        organization {
          id
        }
      }
    }
  }
`);

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

const ReadOrganization = graphql(`
  query RestOrganization($organizationId: ID!, $after: String) {
    organization(id: $organizationId) {
      ...RestOrganizationListed
      members(after: $after) {
        edges {
          node {
            role
            user {
              id
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
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

const readRoute = createRoute({
  method: 'get',
  path: '/v1/organizations/{organization_id}',
  summary: 'One organization',
  request: { params: z.object({ organization_id: OrganizationId }) },
  responses: {
    200: { description: 'The organization.', content: { 'application/json': { schema: Organization } } },
    ...errorResponses(401, 403),
  },
});

/** The routes of organizations themselves. */
export function defineOrganizations(app: RestApp): void {
  define(app, listRoute, async ({ req, env }) => {
    const ids = await readEntered(env.graph);
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

  define(app, readRoute, async ({ req, env }) => {
    const organizationId = req.param('organization_id') ?? '';
    let after: string | null | undefined;
    let owner: { id: string } | undefined;
    for (;;) {
      const { organization } = await env.graph.ask(ReadOrganization, { organizationId, after });
      if (!organization)
        throw new HttpError('ORGANIZATION_ACCESS_DENIED', "You don't have access to this organization");
      const { edges, pageInfo } = organization.members;
      owner = edges.find(({ node }) => node.role === 'OWNER')?.node.user;
      if (owner || !pageInfo.hasNextPage) return Response.json(describe(organization, owner?.id ?? null));
      after = pageInfo.endCursor;
    }
  });
}

/** The ids of the organizations that the caller may enter, in their order. */
async function readEntered(graph: Graph): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const { viewer } = await graph.ask(ListEntered, { after: ids.at(-1) });
    ids.push(...enteredBy(viewer));
    if (viewer.memberships.length < 1_000) return ids;
  }
}

function describe({ id, name, createdAt }: RestOrganizationListedFragment, ownerId: string | null) {
  const at = toSeconds(createdAt);
  return {
    id,
    name: name ?? null,
    type: 'Work',
    description: null,
    website: null,
    industry: null,
    company_size: null,
    logo_image: null,
    image_url: null,
    is_active: true,
    owner_id: ownerId,
    api_usage_limit: null,
    total_usage_limit: null,
    storage_free_bytes_allowance: null,
    pricing_tier_id: null,
    created_at: at,
    updated_at: at,
  } satisfies z.output<typeof Organization>;
}
