import type { Database } from '../../database/pool/client.ts';
import { coalesceFor } from '../../database/pool/coalesce.ts';
import { withLock } from '../../database/pool/keyed-mutex.ts';
import type { Snapshot } from '../../policy/policy.ts';
import { commitWithin, type Unchanged } from './ledger.ts';
import {
  appendEntries,
  type BulkWrite,
  type CommitRequest,
  type Committed,
  type Entry,
  type PendingEntry,
} from './ledger-entry.ts';
import { loadStates } from './snapshot.ts';

/** A change that its `BulkWrite` applies completely. */
interface OptimisticChange<Result> extends Entry {
  values: NonNullable<PendingEntry['values']>;
  result: (committed: Committed) => Result;
}

type Append = (db: Database, pending: readonly PendingEntry[]) => Promise<readonly (Committed | undefined)[]>;

/** The maximum number of changes in a batch. A larger batch would hold its locks for longer, and save nothing. */
const maxChanges = 50;

type Decide<Result> = (present: Snapshot) => OptimisticChange<Result> | Unchanged<Result>;

type Commit = <Result>(db: Database, request: CommitRequest, decide: Decide<Result>) => Promise<Result>;

/**
 * As `commit`, for changes of one kind that are decided by the snapshot alone. Each is first tried optimistically, without
 * a transaction: concurrent changes of several organizations are coalesced into one read and one statement, which skips
 * those whose revision has moved since, or whose actor is no longer authorized. A change that was skipped, failed, was refused
 * or changes nothing is retried alone under the organization's lock, and only that decision counts.
 */
export function commitOptimistically(bulkWrite: BulkWrite): Commit {
  const append: Append = coalesceFor((db, pending: readonly PendingEntry[]) => appendEntries(db, pending, bulkWrite), {
    maxBatchSize: maxChanges,
  });

  return (db, request, decide) => {
    const underLock = () =>
      db.transaction((tx) =>
        commitWithin(
          tx,
          request,
          async (_tx, present) => {
            const change = decide(present);
            return 'unchanged' in change ? change : { ...change, apply: async (committed) => change.result(committed) };
          },
          bulkWrite,
        ),
      );
    return withLock(db, request.organizationId, async () => {
      // Within a transaction the change is made under the lock.
      const seen = db.pool && (await tryOptimistically(db, append, request, decide));
      return seen ? seen.result : underLock();
    });
  };
}

async function tryOptimistically<Result>(
  db: Database,
  append: Append,
  request: CommitRequest,
  decide: Decide<Result>,
): Promise<{ result: Result } | undefined> {
  const { organizationId, actor, expectedRevision } = request;
  const [seen] = await loadStates(db, [organizationId]);
  if (!seen || (typeof expectedRevision === 'number' && expectedRevision !== seen.revision)) return undefined;
  const change = attempt(() => decide(seen));
  if (!change || 'unchanged' in change) return undefined;

  actor.invalidate(organizationId, change.subjectId);
  const { values, result, ...entry } = change;
  // Another change of the batch may have caused the failure: each change is retried alone.
  const pending = { request, entry, revision: seen.revision, values };
  const [committed] = await append(db, [pending]).catch(() => []);
  return committed && { result: result(committed) };
}

function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
