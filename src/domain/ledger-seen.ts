import { type Database, inSqlTransaction } from '../database/client.ts';
import { Prisma } from '../database/generated/prisma/client.ts';
import { poolOf } from '../database/sql.ts';
import { inTurn } from '../database/turns.ts';
import { type Commission, type Committed, commitWithin, type Entry, enter, type Unchanged } from './ledger.ts';
import type { Snapshot } from './policy.ts';
import { loadSnapshots } from './snapshot.ts';

/** A change that its statement makes as a whole. */
export interface SeenChange<Result> extends Entry {
  statement: Prisma.Sql;
  result: (committed: Committed) => Result;
}

type Decide<Result> = (present: Snapshot) => SeenChange<Result> | Unchanged<Result>;

/**
 * As `commit`, for a change that is decided by the snapshot alone. It is tried without a lock, in one statement that does
 * nothing where the organization has moved on since it was seen, or the actor has lost its right; only what does not
 * succeed so, and what is refused, is decided under the lock.
 */
export function commitSeen<Result>(db: Database, commission: Commission, decide: Decide<Result>): Promise<Result> {
  const underLock = () =>
    inSqlTransaction(db, (tx) =>
      commitWithin(tx, commission, async (_tx, present) => {
        const change = decide(present);
        return 'unchanged' in change ? change : { ...change, apply: async (committed) => change.result(committed) };
      }),
    );
  return inTurn(db, commission.organizationId, async () => {
    const seen = poolOf(db) && (await trySeen(db, commission, decide));
    return seen ? seen.result : underLock();
  });
}

async function trySeen<Result>(
  db: Database,
  commission: Commission,
  decide: Decide<Result>,
): Promise<{ result: Result } | undefined> {
  const { organizationId, actor, expectedRevision } = commission;
  const [seen] = await loadSnapshots(db, [organizationId]);
  if (!seen || (typeof expectedRevision === 'number' && expectedRevision !== seen.revision)) return undefined;
  const change = attempt(() => decide(seen));
  if (!change || 'unchanged' in change) return undefined;

  actor.note(organizationId, change.subjectId);
  const condition = Prisma.sql`AND "revision" = ${seen.revision} AND ${actor.condition(organizationId)}`;
  const committed = await enter(db, commission, change, condition);
  return committed && { result: change.result(committed) };
}

function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
