import type { Database } from '../../database/pool/client.ts';
import { coalesceFor } from '../../database/pool/coalesce.ts';
import { withLock } from '../../database/pool/keyed-mutex.ts';
import type { Snapshot } from '../../policy/policy.ts';
import { commitWithin, type Unchanged } from './ledger.ts';
import { type Commission, type Committed, type Entering, type Entry, enterAll, type Maker } from './ledger-entry.ts';
import { loadSnapshots } from './snapshot.ts';

/** A change that its maker makes as a whole. */
interface SeenChange<Result> extends Entry {
  values: NonNullable<Entering['values']>;
  result: (committed: Committed) => Result;
}

type Enter = (db: Database, entering: readonly Entering[]) => Promise<readonly (Committed | undefined)[]>;

/** In one transaction: more would be locked for longer, and save no more. */
const mostChanges = 50;

type Decide<Result> = (present: Snapshot) => SeenChange<Result> | Unchanged<Result>;

type Commit = <Result>(db: Database, commission: Commission, decide: Decide<Result>) => Promise<Result>;

/**
 * As `commit`, for changes of one kind that are decided by the snapshot alone. Each is tried without a lock, together with
 * those of other organizations that come with it: in one reading, and in one statement that leaves out whoever has moved on
 * since it was seen, and whose actor has lost its right. Only what does not succeed so, and what is refused, is decided under
 * the lock, alone.
 */
export function commitWith(maker: Maker): Commit {
  const enter: Enter = coalesceFor((db, entering: readonly Entering[]) => enterAll(db, entering, maker), {
    most: mostChanges,
  });

  return (db, commission, decide) => {
    const underLock = () =>
      db.transaction((tx) =>
        commitWithin(
          tx,
          commission,
          async (_tx, present) => {
            const change = decide(present);
            return 'unchanged' in change ? change : { ...change, apply: async (committed) => change.result(committed) };
          },
          maker,
        ),
      );
    return withLock(db, commission.organizationId, async () => {
      // Within a transaction nobody is left to come together with.
      const seen = db.pool && (await trySeen(db, enter, commission, decide));
      return seen ? seen.result : underLock();
    });
  };
}

async function trySeen<Result>(
  db: Database,
  enter: Enter,
  commission: Commission,
  decide: Decide<Result>,
): Promise<{ result: Result } | undefined> {
  const { organizationId, actor, expectedRevision } = commission;
  const [seen] = await loadSnapshots(db, [organizationId]);
  if (!seen || (typeof expectedRevision === 'number' && expectedRevision !== seen.revision)) return undefined;
  const change = attempt(() => decide(seen));
  if (!change || 'unchanged' in change) return undefined;

  actor.note(organizationId, change.subjectId);
  const { values, result, ...entry } = change;
  // What fails here may be the fault of another one's change, and is decided alone.
  const entering = { commission, entry, revision: seen.revision, values };
  const [committed] = await enter(db, [entering]).catch(() => []);
  return committed && { result: result(committed) };
}

function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
