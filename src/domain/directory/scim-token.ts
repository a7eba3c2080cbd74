import type { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { columnsOf } from '../../database/pool/sql.ts';
import { bearerTokens } from '../keys/bearer-token.ts';
import { groupByOrganization } from '../reading/page.ts';

/** Secrets of SCIM tokens. */
export const scimSecrets = bearerTokens('scim_');

/** The columns of a SCIM token that may be shown: all but its hash. */
const scimTokenColumns = {
  id: true,
  organizationId: true,
  name: true,
  last4: true,
  issuer: true,
  subjectAttribute: true,
  createdById: true,
  createdAt: true,
  revokedAt: true,
} as const satisfies Prisma.ScimTokenSelect;

/** A directory's access to one organization. */
export type ScimToken = Prisma.ScimTokenGetPayload<{ select: typeof scimTokenColumns }>;

export const columnsOfScimToken = columnsOf(scimTokenColumns);

/** The SCIM tokens of each organization that are not revoked, newest first. */
export async function findScimTokens(db: Database, organizationIds: readonly string[]): Promise<ScimToken[][]> {
  const found = await db.query<ScimToken>`
    SELECT ${columnsOfScimToken} FROM public."ScimToken"
    WHERE "organizationId" = ANY(${[...organizationIds]}::text[]) AND "revokedAt" IS NULL
    ORDER BY "createdAt" DESC, "id" DESC`;
  return groupByOrganization(found, organizationIds);
}

/** The SCIM token whose secret this is; undefined where there is none that is not revoked. */
export async function findScimTokenBySecret(db: Database, secret: string): Promise<ScimToken | undefined> {
  const hash = scimSecrets.hashOf(secret);
  if (hash === null) return undefined;
  const [found] = await db.query<ScimToken>`
    SELECT ${columnsOfScimToken} FROM public."ScimToken" WHERE "hash" = ${hash} AND "revokedAt" IS NULL`;
  return found;
}
