import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { hashAfter, previousHash } from './entry-hash.ts';

/** The first entry of a ledger that does not fit. */
export interface Misfit {
  organizationId: string;
  number: number;
  /** The id of the entry; null where it is missing. */
  id: string | null;
  /**
   * `CHANGED`: the entry, its hash, or the hash of the one before is not as it was appended. `MISSING`: there is no such entry.
   * `SURPLUS`: the organization has not come to that revision.
   */
  fault: 'CHANGED' | 'MISSING' | 'SURPLUS';
}

/** An organization, its revision, and the number of its newest entry (0: none), as of one moment. */
export interface LedgerEnd {
  organizationId: string;
  revision: number;
  newest: number;
}

interface Page {
  count: number;
  last: number;
  misfit: number | null;
}

/** How many entries are verified by one statement, and how many ends are read by one. */
const pageSize = 1_000;

const ends = Prisma.sql`SELECT o."id" AS "organizationId", o."revision",
  coalesce((SELECT r."number" FROM public."Revision" r WHERE r."organizationId" = o."id" ORDER BY r."number" DESC LIMIT 1), 0) AS "newest"
  FROM public."Organization" o`;

/** The ends of the ledgers of these organizations, in their order; undefined for one that there is not. */
export async function findEnds(db: Database, ids: readonly string[]): Promise<(LedgerEnd | undefined)[]> {
  const found = await db.query<LedgerEnd>`${ends} WHERE o."id" = ANY(${[...ids]}::text[])`;
  const byId = new Map(found.map((end) => [end.organizationId, end]));
  return ids.map((id) => byId.get(id));
}

/** The ends of all ledgers, by the ids of their organizations. */
export async function* readEnds(db: Database): AsyncGenerator<LedgerEnd> {
  for (let after = ''; ; ) {
    const found = await db.query<LedgerEnd>`${ends} WHERE o."id" > ${after} ORDER BY o."id" LIMIT ${pageSize}`;
    yield* found;
    const last = found.at(-1);
    if (found.length < pageSize || !last) return;
    after = last.organizationId;
  }
}

/**
 * Computes the hashes of a ledger up to this end anew, and answers the first entry that does not fit; null where all do.
 * PostgreSQL computes; memory does not depend on the length. `onEntries` is called with the number of entries of each page.
 */
export async function verifyChain(
  db: Database,
  { organizationId, revision, newest }: LedgerEnd,
  onEntries: (count: number) => void,
): Promise<Misfit | null> {
  const end = Math.min(revision, newest);
  for (let after = 0; after < end; ) {
    const { count, last, misfit } = await verifyPage(db, { organizationId, after, end });
    onEntries(count);
    if (misfit !== null) return misfitAt(db, organizationId, misfit);
    if (count === 0) return { organizationId, number: after + 1, id: null, fault: 'MISSING' };
    after = last;
  }
  if (newest < revision) return { organizationId, number: newest + 1, id: null, fault: 'MISSING' };
  if (newest > revision) return { ...(await misfitAt(db, organizationId, revision + 1)), fault: 'SURPLUS' };
  return null;
}

async function verifyPage(
  db: Database,
  { organizationId, after, end }: { organizationId: string; after: number; end: number },
): Promise<Page> {
  // Within the page the hash before is at hand.
  const before = Prisma.sql`coalesce(lag(e."hash") OVER (ORDER BY e."number"), ${previousHash})`;
  const [page] = await db.query<Page>`
    SELECT count(*)::int AS "count", max("number") AS "last",
      min("expected") FILTER (WHERE "number" <> "expected" OR "hash" IS DISTINCT FROM "computed")::int AS "misfit"
    FROM (
      SELECT e."number", ${after} + row_number() OVER (ORDER BY e."number") AS "expected", e."hash", ${hashAfter(before)} AS "computed"
      FROM (
        SELECT * FROM public."Revision"
        WHERE "organizationId" = ${organizationId} AND "number" > ${after} AND "number" <= ${end}
        ORDER BY "number" LIMIT ${pageSize}
      ) e
    ) x`;
  return page ?? { count: 0, last: after, misfit: null };
}

async function misfitAt(db: Database, organizationId: string, number: number): Promise<Misfit> {
  const [entry] = await db.query<{ id: string }>`
    SELECT "id" FROM public."Revision" WHERE "organizationId" = ${organizationId} AND "number" = ${number}`;
  return { organizationId, number, id: entry?.id ?? null, fault: entry ? 'CHANGED' : 'MISSING' };
}
