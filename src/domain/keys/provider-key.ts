import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { columnsOf } from '../../database/pool/sql.ts';
import { NotFoundError } from '../../errors/base.ts';
import { idsOf } from '../input/id.ts';
import { countByOrganization, groupByOrganization, inOrderOf, type Page } from '../reading/page.ts';
import { isWithin, type OrganizationScope, type ReadScope } from '../reading/read-scope.ts';

/** The columns of a provider key that may be shown; the sealed secret is not among them. */
export const providerKeyColumns = {
  id: true,
  organizationId: true,
  provider: true,
  name: true,
  last4: true,
  isActive: true,
  createdAt: true,
  updatedAt: true,
  lastUsedAt: true,
} as const satisfies Prisma.ProviderKeySelect;

export type ProviderKey = Prisma.ProviderKeyGetPayload<{ select: typeof providerKeyColumns }>;

/** The same in SQL. */
export const providerKeyColumnList = columnsOf(providerKeyColumns);

/** The state of a provider key in a ledger entry. */
export function ledgerStateOf({
  name,
  provider,
  isActive,
  last4,
}: Pick<ProviderKey, 'name' | 'provider' | 'isActive' | 'last4'>) {
  return { name, provider, isActive, last4 };
}

/** A provider key of an organization. */
export async function findProviderKey(
  db: Database,
  id: string,
  organizationId: string,
): Promise<ProviderKey | undefined> {
  const [found] = await db.query<ProviderKey>`
    SELECT ${providerKeyColumnList} FROM public."ProviderKey"
    WHERE "organizationId" = ${organizationId} AND "id" = ${id}`;
  return found;
}

/**
 * Reads a provider key under its organization's lock: it may have been deleted since it was authorized.
 * @throws NotFoundError
 */
export async function lockedProviderKey(tx: Database, id: string, organizationId: string): Promise<ProviderKey> {
  const found = await findProviderKey(tx, id, organizationId);
  if (!found) throw new NotFoundError();
  return found;
}

/** The sort key of provider keys: by provider, then by id, which is by age. */
export type ProviderKeyKey = [provider: string, id: string];

/** A page of the provider keys of each organization. */
export async function findProviderKeys(
  db: Database,
  organizationIds: readonly string[],
  { after, before, limit, inverted }: Page<ProviderKeyKey>,
): Promise<ProviderKey[][]> {
  const order = inverted ? Prisma.sql`"provider" DESC, "id" DESC` : Prisma.sql`"provider", "id"`;
  const found = await db.query<ProviderKey>`
    SELECT k.* FROM unnest(${[...organizationIds]}::text[]) AS o("id") CROSS JOIN LATERAL (
      SELECT ${providerKeyColumnList} FROM public."ProviderKey"
      WHERE "organizationId" = o."id"
        ${after === undefined ? Prisma.empty : Prisma.sql`AND ("provider", "id") > (${after[0]}, ${after[1]})`}
        ${before === undefined ? Prisma.empty : Prisma.sql`AND ("provider", "id") < (${before[0]}, ${before[1]})`}
      ORDER BY ${order} LIMIT ${limit}) k`;
  return groupByOrganization(found, organizationIds);
}

/** How many provider keys each organization has. */
export function countProviderKeys(db: Database, organizationIds: readonly string[]): Promise<number[]> {
  return countByOrganization(db, Prisma.sql`public."ProviderKey"`, organizationIds);
}

/** Visibility of provider keys: all keys of `keyOrganizations`; in other organizations only those that a visible configuration uses. */
export interface ProviderKeyReadScope extends ReadScope {
  /** The organizations whose keys the viewer may manage or use. */
  keyOrganizations: OrganizationScope;
}

const organizationId = Prisma.sql`k."organizationId"`;

/** Provider keys by id, in the order of the ids; null for one that does not exist, or is not visible. */
export async function findVisibleProviderKeys(
  db: Database,
  { userId, organizations, keyOrganizations }: ProviderKeyReadScope,
  ids: readonly string[],
): Promise<(ProviderKey | null)[]> {
  const found = await db.query<ProviderKey>`
    SELECT ${providerKeyColumnList} FROM public."ProviderKey" k
    WHERE k."id" = ANY(${idsOf('key', ids)}::text[]) AND ${isWithin(organizations, organizationId)}
      AND (${isWithin(keyOrganizations, organizationId)}
        OR EXISTS (SELECT 1 FROM public."ModelConfig" c
                   WHERE c."organizationId" = k."organizationId" AND c."provider" = k."provider"
                     AND c."providerKeyId" = k."id" AND (c."userId" IS NULL OR c."userId" = ${userId})))`;
  return inOrderOf(ids, found);
}

/** How often services have used each of these provider keys. */
export async function countProviderKeyUses(db: Database, ids: readonly string[]): Promise<bigint[]> {
  const counts = await db.query<{ id: string; count: bigint }>`
    SELECT k."id", count(*) FROM public."ProviderKey" k
    JOIN public."ProviderKeyUse" u ON u."organizationId" = k."organizationId" AND u."providerKeyId" = k."id"
    WHERE k."id" = ANY(${[...ids]}::text[]) GROUP BY k."id"`;
  const byId = new Map(counts.map(({ id, count }) => [id, count]));
  return ids.map((id) => byId.get(id) ?? 0n);
}
