import { z } from '@hono/zod-openapi';
import { query, selectionOf } from '../documents.ts';
import { HttpError } from '../http-error.ts';
import { define } from '../route.ts';
import { made, type Row, view } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { OrganizationId, organizations, seconds } from './envelope.ts';

/** An organization, with the id of its owner. */
const Organization = view(
  {
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
    owner_id: made(
      z.string().nullable().openapi({ description: 'The owner of longest standing.' }),
      [],
      ({ ownerId }) => ownerId,
    ),
    api_usage_limit: z.null(),
    total_usage_limit: z.null(),
    storage_free_bytes_allowance: z.null(),
    pricing_tier_id: z.null(),
    created_at: seconds('createdAt', z.string()),
    updated_at: seconds('createdAt', z.string()),
  },
  'Organization',
  { description: 'What Modelgate does not keep of an organization is null.' },
);

const readPage = query(`query RestOrganization($organizationId: ID!, $after: String) {
  organization(id: $organizationId) {
    ${selectionOf(Organization.paths)}
    members(after: $after) { edges { node { role user { id } } } pageInfo { hasNextPage endCursor } }
  }
}`);

/** The route of one organization. */
export function defineOrganization(app: RestApp): void {
  define(app, organizations, 'GET /v1/organizations/{organization_id}', {
    summary: 'One organization',
    answer: [200, 'The organization.', Organization.schema],
    handle: async ({ graph, organizationId }) => {
      for (let after: string | null = null; ; ) {
        const { organization }: Row = await readPage(graph, { organizationId, after });
        if (!organization)
          throw new HttpError('ORGANIZATION_ACCESS_DENIED', "You don't have access to this organization");
        const { edges, pageInfo } = organization.members;
        const owner = edges.find(({ node }: Row) => node.role === 'OWNER')?.node.user;
        if (owner || !pageInfo.hasNextPage) return Organization.show({ ...organization, ownerId: owner?.id ?? null });
        after = pageInfo.endCursor;
      }
    },
  });
}
