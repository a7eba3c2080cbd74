import type { Database, Transaction } from '../database/client.ts';
import { Prisma } from '../database/generated/prisma/client.ts';
import { NotFoundError } from '../errors.ts';
import { idsOf } from './id.ts';
import { groupByOrganization, type Page } from './page.ts';

/** What may be told of a provider key; what it is sealed in is never read along. */
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

const columns = Prisma.raw(
  Object.keys(providerKeyColumns)
    .map((name) => `"${name}"`)
    .join(', '),
);

/** What the ledger says of a provider key. */
export function ledgerStateOf({
  name,
  provider,
  isActive,
  last4,
}: Pick<ProviderKey, 'name' | 'provider' | 'isActive' | 'last4'>) {
  return { name, provider, isActive, last4 };
}

/**
 * A provider key under its organization's lock; the caller has seen it, but it may be gone by now.
 * @throws NotFoundError
 */
export async function lockedProviderKey(tx: Transaction, id: string, organizationId: string): Promise<ProviderKey> {
  const found = await tx.providerKey.findUnique({ where: { id, organizationId }, select: providerKeyColumns });
  if (!found) throw new NotFoundError();
  return found;
}

/** The keys of a list are ordered by provider, then by id, which is by age. */
export type ProviderKeyKey = [provider: string, id: string];

/** A page of the provider keys of each organization. */
export async function findProviderKeys(
  db: Database,
  organizationIds: readonly string[],
  { after, before, limit, inverted }: Page<ProviderKeyKey>,
): Promise<ProviderKey[][]> {
  const order = inverted ? Prisma.sql`"provider" DESC, "id" DESC` : Prisma.sql`"provider", "id"`;
  const rows = await db.$queryRaw<ProviderKey[]>`
    SELECT k.* FROM unnest(${[...organizationIds]}::text[]) AS o("id") CROSS JOIN LATERAL (
      SELECT ${columns} FROM "ProviderKey"
      WHERE "organizationId" = o."id"
        ${after === undefined ? Prisma.empty : Prisma.sql`AND ("provider", "id") > (${after[0]}, ${after[1]})`}
        ${before === undefined ? Prisma.empty : Prisma.sql`AND ("provider", "id") < (${before[0]}, ${before[1]})`}
      ORDER BY ${order} LIMIT ${limit}) k`;
  return groupByOrganization(rows, organizationIds);
}

/** How many provider keys each organization has. */
export async function countProviderKeys(db: Database, organizationIds: readonly string[]): Promise<number[]> {
  const counts = await db.providerKey.groupBy({
    by: ['organizationId'],
    where: { organizationId: { in: [...organizationIds] } },
    _count: true,
  });
  const byId = new Map(counts.map(({ organizationId, _count }) => [organizationId, _count]));
  return organizationIds.map((id) => byId.get(id) ?? 0);
}

/** The organization of each of these provider keys; null for an id that no provider key has. */
export async function findProviderKeyOwners(db: Database, ids: readonly string[]): Promise<(string | null)[]> {
  const rows = await db.providerKey.findMany({
    where: { id: { in: idsOf('key', ids) } },
    select: { id: true, organizationId: true },
  });
  const owners = new Map(rows.map(({ id, organizationId }) => [id, organizationId]));
  return ids.map((id) => owners.get(id) ?? null);
}

/** How often a service was given each of these provider keys. */
export async function countProviderKeyUses(db: Database, ids: readonly string[]): Promise<bigint[]> {
  const counts = await db.$queryRaw<{ id: string; count: bigint }[]>`
    SELECT k."id", count(*) FROM "ProviderKey" k
    JOIN "ProviderKeyUse" u ON u."organizationId" = k."organizationId" AND u."providerKeyId" = k."id"
    WHERE k."id" = ANY(${[...ids]}::text[]) GROUP BY k."id"`;
  const byId = new Map(counts.map(({ id, count }) => [id, count]));
  return ids.map((id) => byId.get(id) ?? 0n);
}
