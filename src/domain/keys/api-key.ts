import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { columnsOf } from '../../database/pool/sql.ts';
import { idsOf } from '../input/id.ts';
import { countByOrganization, groupByOrganization, inOrderOf, type Page } from '../reading/page.ts';
import { isWithin, type OrganizationScope } from '../reading/read-scope.ts';

/** The scopes that an API key can have. */
export const apiKeyScopes = ['read', 'usage:write', 'keys:use', 'settings:write'] as const;
export type ApiKeyScope = (typeof apiKeyScopes)[number];

/** The columns of an API key that may be shown: all but its hash. */
export const apiKeyColumns = {
  id: true,
  organizationId: true,
  name: true,
  last4: true,
  scopes: true,
  createdById: true,
  createdAt: true,
  expiresAt: true,
  revokedAt: true,
} as const satisfies Prisma.ApiKeySelect;

export type ApiKey = Prisma.ApiKeyGetPayload<{ select: typeof apiKeyColumns }>;

const columns = columnsOf(apiKeyColumns);

/** Only an ACTIVE key authenticates. */
export const apiKeyStatuses = ['ACTIVE', 'EXPIRED', 'REVOKED'] as const;
export type ApiKeyStatus = (typeof apiKeyStatuses)[number];

/** The status of an API key at a moment; a revoked one is REVOKED, whether or not it has expired. */
export function apiKeyStatusOf({ revokedAt, expiresAt }: Pick<ApiKey, 'revokedAt' | 'expiresAt'>, now: Date) {
  if (revokedAt !== null) return 'REVOKED' satisfies ApiKeyStatus;
  return (expiresAt !== null && expiresAt <= now ? 'EXPIRED' : 'ACTIVE') satisfies ApiKeyStatus;
}

/** The API key whose token has this SHA-256, whatever its status. */
export async function findApiKeyByHash(db: Database, hash: Uint8Array<ArrayBuffer>): Promise<ApiKey | null> {
  const [found] = await db.query<ApiKey>`SELECT ${columns} FROM public."ApiKey" WHERE "hash" = ${hash}`;
  return found ?? null;
}

/** The sort key of API keys, newest first. */
export type ApiKeyKey = [createdAt: string, id: string];

/** A page of the API keys of each organization. */
export async function findApiKeys(
  db: Database,
  organizationIds: readonly string[],
  { after, before, limit, inverted }: Page<ApiKeyKey>,
): Promise<ApiKey[][]> {
  const order = inverted ? Prisma.sql`"createdAt", "id"` : Prisma.sql`"createdAt" DESC, "id" DESC`;
  const found = await db.query<ApiKey>`
    SELECT k.* FROM unnest(${[...organizationIds]}::text[]) AS o("id") CROSS JOIN LATERAL (
      SELECT ${columns} FROM public."ApiKey"
      WHERE "organizationId" = o."id"
        ${after === undefined ? Prisma.empty : Prisma.sql`AND ("createdAt", "id") < ${place(after)}`}
        ${before === undefined ? Prisma.empty : Prisma.sql`AND ("createdAt", "id") > ${place(before)}`}
      ORDER BY ${order} LIMIT ${limit}) k`;
  return groupByOrganization(found, organizationIds);
}

function place([createdAt, id]: ApiKeyKey): Prisma.Sql {
  return Prisma.sql`(${createdAt}::timestamptz(3), ${id})`;
}

/** How many API keys each organization has, whatever their status. */
export function countApiKeys(db: Database, organizationIds: readonly string[]): Promise<number[]> {
  return countByOrganization(db, Prisma.sql`public."ApiKey"`, organizationIds);
}

/** API keys by id, in the order of the ids; null for one that is not visible: neither `ownId` nor of these organizations. */
export async function findVisibleApiKeys(
  db: Database,
  { ownId, organizations }: { ownId: string | null; organizations: OrganizationScope },
  ids: readonly string[],
): Promise<(ApiKey | null)[]> {
  const found = await db.query<ApiKey>`
    SELECT ${columns} FROM public."ApiKey" k
    WHERE "id" = ANY(${idsOf('api', ids)}::text[])
      AND ("id" = ${ownId} OR ${isWithin(organizations, Prisma.sql`k."organizationId"`)})`;
  return inOrderOf(ids, found);
}
