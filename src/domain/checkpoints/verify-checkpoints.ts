import type { Database } from '../../database/pool/client.ts';
import { openCheckpoint } from './checkpoint.ts';
import type { VerificationKey } from './signing-key.ts';

/** A checkpoint that the ledger does not fit, or that is none. */
export interface CheckpointMisfit {
  organizationId: string;
  number: number;
  /** The id of the entry of this number; null where there is none. */
  id: string | null;
  /**
   * `OTHER_HASH`: the entry is not the one that was signed, so that it or one before it was written anew. `BEYOND`: the ledger
   * ends before. `BAD_SIGNATURE`: the checkpoint was changed. `UNKNOWN_KEY`: none of the keys has signed it.
   */
  fault: 'OTHER_HASH' | 'BEYOND' | 'BAD_SIGNATURE' | 'UNKNOWN_KEY';
}

interface Stored {
  number: number;
  at: Date;
  token: string;
  id: string | null;
  hash: string | null;
}

const pageSize = 500;

/**
 * Compares an organization's ledger with its checkpoints, from the first one on, and answers the first that does not fit; null where
 * all do. `onCheckpoints` is called with the number of checkpoints of each page.
 */
export async function verifyCheckpoints(
  db: Database,
  organizationId: string,
  keys: ReadonlyMap<string, VerificationKey>,
  onCheckpoints: (count: number) => void,
): Promise<CheckpointMisfit | null> {
  for (let after = 0; ; ) {
    const page = await db.query<Stored>`
      SELECT c."number", c."at", c."token", r."id", encode(r."hash", 'hex') AS "hash"
      FROM public."LedgerCheckpoint" c
      LEFT JOIN public."Revision" r ON r."organizationId" = c."organizationId" AND r."number" = c."number"
      WHERE c."organizationId" = ${organizationId} AND c."number" > ${after} ORDER BY c."number" LIMIT ${pageSize}`;
    onCheckpoints(page.length);
    for (const { number, at, token, id, hash } of page) {
      const fault = await faultOf(token, { organizationId, number, at, hash }, keys);
      if (fault) return { organizationId, number, id, fault };
    }
    const last = page.at(-1);
    if (page.length < pageSize || !last) return null;
    after = last.number;
  }
}

async function faultOf(
  token: string,
  { organizationId, number, at, hash }: { organizationId: string } & Pick<Stored, 'number' | 'at' | 'hash'>,
  keys: ReadonlyMap<string, VerificationKey>,
): Promise<CheckpointMisfit['fault'] | undefined> {
  const opened = await openCheckpoint(token, keys);
  if (typeof opened === 'string') return opened;
  // One that was signed for another organization or entry was put here by somebody; another time would put off the next one.
  const isAsSigned =
    opened.organizationId === organizationId && opened.number === number && opened.at === at.toISOString();
  if (!isAsSigned) return 'BAD_SIGNATURE';
  if (hash === null) return 'BEYOND';
  return opened.hash === hash ? undefined : 'OTHER_HASH';
}

/** How many checkpoints there are: of these organizations, or in all. */
export async function countCheckpoints(db: Database, ids: readonly string[] | undefined): Promise<number> {
  const [found] = ids
    ? await db.query<{ count: number }>`
        SELECT count(*)::int AS "count" FROM public."LedgerCheckpoint" WHERE "organizationId" = ANY(${[...ids]}::text[])`
    : await db.query<{ count: number }>`SELECT count(*)::int AS "count" FROM public."LedgerCheckpoint"`;
  return found?.count ?? 0;
}

/** The organizations that have checkpoints, and are no longer there: their ledgers were removed. */
export function findRemoved(db: Database): Promise<{ organizationId: string; number: number }[]> {
  return db.query`
    SELECT c."organizationId", max(c."number") AS "number" FROM public."LedgerCheckpoint" c
    WHERE NOT EXISTS (SELECT FROM public."Organization" o WHERE o."id" = c."organizationId")
    GROUP BY 1 ORDER BY 1 LIMIT ${pageSize}`;
}
