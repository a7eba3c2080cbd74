import { createRoute, z } from '@hono/zod-openapi';
import { define } from '../define.ts';
import { graphql } from '../generated/gql.ts';
import type { RestOrganizationListedFragment } from '../generated/graphql.ts';
import { HttpError } from '../http-error.ts';
import type { RestApp } from '../wire.ts';
import { errorResponses, OrganizationId, toSeconds } from './envelope.ts';

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

/** The route of one organization. */
export function defineOrganization(app: RestApp): void {
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
