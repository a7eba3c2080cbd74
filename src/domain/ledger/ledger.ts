import type { Database } from '../../database/pool/client.ts';
import { withLock } from '../../database/pool/keyed-mutex.ts';
import { RevisionConflictError } from '../../errors/base.ts';
import type { Snapshot } from '../../policy/policy.ts';
import {
  appendEntries,
  type BulkWrite,
  type CommitRequest,
  type Committed,
  type Entry,
  type PendingEntry,
} from './ledger-entry.ts';
import { accessDenied } from './reauthorize.ts';
import { lockSnapshot } from './snapshot.ts';

/** A change that is about to be made, and how to apply what of it is not made with its entry. */
export interface Change<Result> extends Entry {
  values?: PendingEntry['values'];
  apply: (committed: Committed) => Promise<Result>;
}

/** The answer to a change that changes nothing. */
export interface Unchanged<Result> {
  unchanged: Result;
}

/** Reads under the lock, where `present` is the organization's state, and says what shall change; it must only read. */
type Prepare<Result> = (tx: Database, present: Snapshot) => Promise<Change<Result> | Unchanged<Result>>;

/**
 * The one way to change governance state. In one transaction: locks the organization, so that its changes happen one
 * after another; checks the expected revision; lets `prepare` say what shall change; moves the revision, writes the
 * ledger entry and applies the change. What `prepare` finds unchanged makes no revision.
 *
 * Whatever `prepare` or the change throws leaves everything as it was.
 *
 * @throws RevisionConflictError where the organization is at another revision than the expected one
 */
export function commit<Result>(db: Database, request: CommitRequest, prepare: Prepare<Result>): Promise<Result> {
  return withLock(db, request.organizationId, () => db.transaction((tx) => commitWithin(tx, request, prepare)));
}

/** As `commit`, within a transaction that has more to do, and of a kind that has a bulkWrite where there is one. */
export async function commitWithin<Result>(
  tx: Database,
  request: CommitRequest,
  prepare: Prepare<Result>,
  bulkWrite?: BulkWrite,
): Promise<Result> {
  const { organizationId, actor, expectedRevision } = request;
  const present = await lockSnapshot(tx, organizationId);
  if (!present) throw accessDenied(organizationId);
  await actor.reauthorize(tx, organizationId);
  if (typeof expectedRevision === 'number' && expectedRevision !== present.revision) {
    throw new RevisionConflictError(expectedRevision, present.revision);
  }

  const change = await prepare(tx, present);
  if ('unchanged' in change) {
    // Whoever made it so may still wait for others to hear of it.
    actor.invalidate(organizationId, null);
    return change.unchanged;
  }

  actor.invalidate(organizationId, change.subjectId);
  const { values = {} } = change;
  const [committed] = await appendEntries(
    tx,
    [{ request, entry: change, revision: present.revision, values }],
    bulkWrite,
  );
  // Under the lock nothing else can have changed.
  if (!committed) throw accessDenied(organizationId);
  return change.apply(committed);
}
