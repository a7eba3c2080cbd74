import type { Database } from '../../database/pool/client.ts';
import { withLock } from '../../database/pool/keyed-mutex.ts';
import { RevisionConflictError } from '../../errors/base.ts';
import {
  appendEntries,
  type BulkWrite,
  type CommitRequest,
  type Committed,
  type Entry,
  type PendingEntry,
} from './ledger-entry.ts';
import { accessDenied } from './reauthorize.ts';
import { type GovernedState, lockSnapshot } from './snapshot.ts';

/** A change that is about to be committed. `apply` writes everything that the `BulkWrite` does not. */
export interface Change<Result> extends Entry {
  values?: PendingEntry['values'];
  apply: (committed: Committed) => Promise<Result>;
}

/** The result of a change that changes nothing. */
export interface Unchanged<Result> {
  unchanged: Result;
}

/** Decides under the lock which change to make; `present` is the organization's state. It must only read. */
type Prepare<Result> = (tx: Database, present: GovernedState) => Promise<Change<Result> | Unchanged<Result>>;

/**
 * Changes governance state: every change goes through here or `commitOptimistically`. In one transaction it locks the
 * organization, so that its changes are serialized; reauthorizes the actor; checks the expected revision; calls
 * `prepare`; increments the revision, appends the ledger entry and applies the change. What is unchanged makes no revision.
 *
 * Whatever `prepare` or `apply` throws rolls the transaction back.
 *
 * @throws RevisionConflictError where the organization is at another revision than the expected one
 */
export function commit<Result>(db: Database, request: CommitRequest, prepare: Prepare<Result>): Promise<Result> {
  return withLock(db, request.organizationId, () => db.transaction((tx) => commitWithin(tx, request, prepare)));
}

/** As `commit`, within the caller's transaction; a `BulkWrite` applies the change together with its entry. */
export async function commitWithin<Result>(
  tx: Database,
  request: CommitRequest,
  prepare: Prepare<Result>,
  bulkWrite?: BulkWrite,
): Promise<Result> {
  const { organizationId, actor } = request;
  const present = await lockSnapshot(tx, organizationId);
  if (!present) throw accessDenied(organizationId);
  await actor.reauthorize(tx, organizationId);
  refuseOtherRevision(request, present.revision);

  const change = await prepare(tx, present);
  if ('unchanged' in change) {
    // A concurrent request may have made the same change, and not be acknowledged yet: this request must await the peers too.
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
  // Under the lock the revision is current: only the actor's access can have been lost.
  if (!committed) throw accessDenied(organizationId);
  return change.apply(committed);
}

/** @throws RevisionConflictError where another revision than this one is expected */
export function refuseOtherRevision({ expectedRevision }: CommitRequest, revision: number): void {
  if (typeof expectedRevision === 'number' && expectedRevision !== revision) {
    throw new RevisionConflictError(expectedRevision, revision);
  }
}
