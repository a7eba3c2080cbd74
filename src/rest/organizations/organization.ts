import { z } from '@hono/zod-openapi';
import { define } from '../define.ts';
import { query, selectionOf } from '../documents.ts';
import { headersNamed } from '../headers.ts';
import { HttpError } from '../http-error.ts';
import { enteredBy } from '../organization-of.ts';
import { moment } from '../schemas.ts';
import { made, type Row, view } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { OrganizationId, organizations, seconds } from './envelope.ts';

const OrganizationName = z
  .string()
  .nullable()
  .openapi({ description: 'Its name; null where none is known.', example: 'Brightwater Analytics' });
const notKept = z.null().describe('Always null: Modelgate does not keep it.');

const OrganizationListed = view(
  {
    id: OrganizationId,
    name: OrganizationName,
    description: notKept,
    logo: notKept,
    createdAt: seconds('createdAt', moment.describe('When it was created.')),
    updatedAt: seconds('createdAt', moment.describe('As `createdAt`: Modelgate keeps no other moment.')),
  },
  'OrganizationListed',
  { description: 'An organization in the list, of which this system writes names in camelCase.' },
);

const ListQuery = z.object({
  skip: wholeNumber({ description: 'How many to skip.', min: 0, byDefault: 0 }),
  limit: wholeNumber({ description: 'How many to answer at most.', min: 1, max: 100, byDefault: 100 }),
  active_only: z
    .enum(['true', 'false'])
    .default('true')
    .openapi({ description: 'Has no effect: all organizations are active.' }),
});

const readOrganizations = query(`query RestOrganizations($first: Int!, $after: ID) {
  caller { kind memberships(first: $first, after: $after) { organization { ${selectionOf(OrganizationListed.paths)} } } }
}`);

/** The one that a service acts in. */
const readOwn = query(`query RestOwnOrganization($id: ID!) {
  organization(id: $id) { ${selectionOf(OrganizationListed.paths)} }
}`);

/** An organization, with the id of its owner. */
const Organization = view(
  {
    id: OrganizationId,
    name: OrganizationName,
    type: z.literal('Work').describe('Always `Work`.'),
    description: notKept,
    website: notKept,
    industry: notKept,
    company_size: notKept,
    logo_image: notKept,
    image_url: notKept,
    is_active: z.literal(true).describe('Always true.'),
    owner_id: made(
      z.string().nullable().openapi({
        description: 'The id of the user who has been an owner for longest; null where there is none.',
        example: 'usr_abc123def456',
      }),
      [],
      ({ ownerId }) => ownerId,
    ),
    api_usage_limit: notKept,
    total_usage_limit: notKept,
    storage_free_bytes_allowance: notKept,
    pricing_tier_id: notKept,
    created_at: seconds('createdAt', moment.describe('When it was created.')),
    updated_at: seconds('createdAt', moment.describe('As `created_at`: Modelgate keeps no other moment.')),
  },
  'Organization',
  { description: 'An organization. What Modelgate does not keep of it is null.' },
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
    operationId: 'listOrganizations',
    summary: 'List the organizations of the caller',
    description:
      'Those of its memberships; the one of its token, of its API key, or the one of `X-Organization-Id` for a platform key.',
    access: 'readOrganization',
    query: ListQuery,
    answer: [
      200,
      'A page of organizations, ordered by id. `X-Total-Count` says how many there are in all.',
      z.array(OrganizationListed.schema),
    ],
    answerHeaders: headersNamed({ 'X-Total-Count': 'TotalCount' }),
    handle: async ({ graph, query: { skip, limit } }) => {
      const ids = await enteredBy(graph);
      const after = skip === 0 ? null : ids[Math.min(skip, ids.length) - 1];
      const { caller }: Row = await readOrganizations(graph, { first: limit, after });
      const [id] = ids;
      const isOwn = caller.kind === 'SERVICE' && skip === 0 && id !== undefined;
      const { organization: own } = isOwn ? await readOwn(graph, { id }) : {};
      const listed = [...caller.memberships.map(({ organization }: Row) => organization), ...(own ? [own] : [])];
      return Response.json(listed.map(OrganizationListed.show), { headers: { 'x-total-count': String(ids.length) } });
    },
  });

  define(app, organizations, 'GET /v1/organizations/{organization_id}', {
    operationId: 'getOrganization',
    summary: 'Get an organization',
    description: 'An organization that does not exist is refused as one that the caller is no member of.',
    access: 'readOrganization',
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

interface WholeNumber {
  description: string;
  min: number;
  max?: number;
  byDefault: number;
}

/** A whole number in a query: digits alone, since other spellings are as likely a mistake. */
function wholeNumber({ description, min, max = 999_999_999, byDefault }: WholeNumber) {
  return z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(byDefault)
    .openapi({ description, type: 'integer', minimum: min, maximum: max, default: byDefault });
}
