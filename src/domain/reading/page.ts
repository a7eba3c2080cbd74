import type { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { Loader } from './loader.ts';

/** Arguments of a page: rows strictly after and before these keys, at most `limit`, from the end where `inverted`. */
export interface Page<Key> {
  after: Key | undefined;
  before: Key | undefined;
  limit: number;
  inverted: boolean;
}

/** Pages of the lists of many owners: loads of one request with equal arguments are batched into one statement. */
export type PageLoader<Wanted, Row> = Loader<{ ownerId: string; page: Wanted }, readonly Row[], string>;

/** `load` answers a page for each owner, in their order. The arguments are compared as JSON, so they must be plain data. */
export function createPageLoader<Wanted, Row>(
  load: (ownerIds: readonly string[], page: Wanted) => Promise<(readonly Row[])[]>,
): PageLoader<Wanted, Row> {
  return new Loader(
    async (wanted) => {
      const [only] = wanted;
      // Most requests load one page: there is nothing to group.
      if (only && wanted.length === 1) return load([only.ownerId], only.page);

      const owners = new Map<string, { page: Wanted; ids: string[] }>();
      for (const { ownerId, page } of wanted) {
        const key = JSON.stringify(page);
        const group = owners.get(key) ?? { page, ids: [] };
        owners.set(key, group);
        group.ids.push(ownerId);
      }

      const pages = new Map<string, readonly Row[]>();
      const loadGroup = async (key: string, { page, ids }: { page: Wanted; ids: string[] }) => {
        const rows = await load(ids, page);
        ids.forEach((id, index) => void pages.set(key + id, rows[index] ?? []));
      };
      await Promise.all([...owners].map(([key, group]) => loadGroup(key, group)));
      return wanted.map(({ ownerId, page }) => pages.get(JSON.stringify(page) + ownerId) ?? []);
    },
    { cacheKeyFn: ({ ownerId, page }) => JSON.stringify([ownerId, page]) },
  );
}

/** A comparator of keys, part by part: strings by code unit, numbers by size. */
export function compareKeys<Key extends readonly (string | number)[]>(left: Key, right: Key): number {
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? value;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

/** The row of each id, in the order of the ids; null where there is none. */
export function inOrderOf<Row extends { id: string }>(ids: readonly string[], rows: readonly Row[]): (Row | null)[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** The rows of each organization, in the order of the ids. */
export function groupByOrganization<Row extends { organizationId: string }>(
  rows: readonly Row[],
  organizationIds: readonly string[],
): Row[][] {
  const groups = new Map<string, Row[]>(organizationIds.map((id) => [id, []]));
  for (const row of rows) groups.get(row.organizationId)?.push(row);
  return organizationIds.map((id) => groups.get(id) ?? []);
}

/** How many rows of a table each organization has, in the order of the ids. */
export async function countByOrganization(
  db: Database,
  table: Prisma.Sql,
  organizationIds: readonly string[],
): Promise<number[]> {
  const found = await db.query<{ organizationId: string; count: number }>`
    SELECT "organizationId", count(*)::int AS "count" FROM ${table}
    WHERE "organizationId" = ANY(${[...organizationIds]}::text[]) GROUP BY "organizationId"`;
  const counts = new Map(found.map(({ organizationId, count }) => [organizationId, count]));
  return organizationIds.map((id) => counts.get(id) ?? 0);
}
