import { z } from '@hono/zod-openapi';
import { query, selectionOf } from '../documents.ts';
import { HttpError } from '../http-error.ts';
import { enteredBy } from '../organization-of.ts';
import { define } from '../route.ts';
import { made, type Row, view } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { OrganizationId, organizations, seconds } from './envelope.ts';

const OrganizationListed = view(
  {
    id: OrganizationId,
    name: z.string().nullable(),
    description: z.null(),
    logo: z.null(),
    createdAt: seconds('createdAt', z.string()),
    updatedAt: seconds('createdAt', z.string()),
  },
  'OrganizationListed',
);

const ListQuery = z.object({
  skip: wholeNumber({ min: 0, byDefault: 0 }),
  limit: wholeNumber({ min: 1, max: 100, byDefault: 100 }),
  active_only: z.enum(['true', 'false']).default('true').openapi({ description: 'All are active.' }),
});

const selection = `organization { ${selectionOf(OrganizationListed.paths)} }`;
const readOrganizations = query(`query RestOrganizations($first: Int!, $after: ID) {
  caller { memberships(first: $first, after: $after) { ${selection} } apiKey { ${selection} } }
}`);

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

/** The routes of the list of organizations, and of one. */
export function defineOrganizations(app: RestApp): void {
  define(app, organizations, 'GET /v1/organizations', {
    summary: 'The organizations that the caller may enter',
    query: ListQuery,
    answer: [
      200,
      'One page of them, by id. `x-total-count` says how many there are in all.',
      z.array(OrganizationListed.schema),
    ],
    handle: async ({ graph, query: { skip, limit } }) => {
      const ids = await enteredBy(graph);
      const after = skip === 0 ? null : ids[Math.min(skip, ids.length) - 1];
      const { caller }: Row = await readOrganizations(graph, { first: limit, after });
      const own = skip === 0 && caller.apiKey?.organization;
      const listed = [...caller.memberships.map(({ organization }: Row) => organization), ...(own ? [own] : [])];
      return Response.json(listed.map(OrganizationListed.show), { headers: { 'x-total-count': String(ids.length) } });
    },
  });

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

/** A whole number in a query: digits alone, since other spellings are as likely a mistake. */
function wholeNumber({ min, max = 999_999_999, byDefault }: { min: number; max?: number; byDefault: number }) {
  return z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(byDefault)
    .openapi({ type: 'integer', minimum: min, maximum: max, default: byDefault });
}
