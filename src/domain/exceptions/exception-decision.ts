import type { Database } from '../../database/pool/client.ts';
import { assignmentsOf, onlyRow } from '../../database/pool/sql.ts';
import { NotFoundError } from '../../errors/base.ts';
import { ExceptionStateError } from '../../errors/models.ts';
import { type ExceptionState, exceptionStateOf, type StoredExceptionState } from '../../policy/exception-state.ts';
import { parseInput } from '../input/validation.ts';
import { commit } from '../ledger/ledger.ts';
import type { Action, CommitRequest } from '../ledger/ledger-entry.ts';
import { columnsOfException, findException, ledgerStateOf, type ModelException } from './exception.ts';
import { DecisionInput, type ExceptionsChange, RevocationInput, refuseInvalidEnd } from './exception-input.ts';
import { refuseTooLong } from './exception-limits.ts';
import { refuseAbsentSubject, refuseSelfGrant } from './exception-subject.ts';

/**
 * Grants or denies a requested exception. Granted, it must still be in order: its subject there, its end in the future.
 * @throws NotFoundError, ExceptionStateError, ValidationError, ForbiddenError for the actor itself, RevisionConflictError
 */
export function decideModelException(db: Database, change: ExceptionsChange, input: unknown): Promise<ModelException> {
  const { exceptionId: id, grant, until, ...request } = parseInput(DecisionInput, input);
  return close(db, change, { id, ...request, from: ['REQUESTED'] }, async (tx, present) => {
    if (!grant) return { action: 'MODEL_EXCEPTION_DENIED', state: 'DENIED' };

    const { organizationId, subjectId, requestedById, models } = present;
    // Who has requested it for itself was a member by a token then, where there is no membership.
    if (subjectId !== requestedById) await refuseAbsentSubject(tx, organizationId, subjectId);
    const isSelfGranted = await refuseSelfGrant(tx, change, present);
    await refuseTooLong(tx, change, models);
    const end = until ?? present.until;
    refuseInvalidEnd(end, change);
    return { action: 'MODEL_EXCEPTION_GRANTED', state: 'GRANTED', until: end, isSelfGranted };
  });
}

/**
 * Revokes an exception that is granted and has not ended, or a request that nobody has decided.
 * @throws NotFoundError, ExceptionStateError, ValidationError, RevisionConflictError
 */
export function revokeModelException(db: Database, change: ExceptionsChange, input: unknown): Promise<ModelException> {
  const { exceptionId: id, ...request } = parseInput(RevocationInput, input);
  return close(db, change, { id, ...request, from: ['REQUESTED', 'GRANTED'] }, async () => revocation);
}

/**
 * As `revokeModelException`, for whoever manages no exceptions: takes back a request of its own. Any other exception is none for it.
 * @throws NotFoundError, ExceptionStateError, ValidationError, RevisionConflictError
 */
export function withdrawModelException(
  db: Database,
  change: ExceptionsChange,
  input: unknown,
): Promise<ModelException> {
  const { exceptionId: id, ...request } = parseInput(RevocationInput, input);
  const requestedById = change.actor.userId;
  return close(db, change, { id, ...request, from: ['REQUESTED'], requestedById }, async () => revocation);
}

const revocation: Outcome = { action: 'MODEL_EXCEPTION_REVOKED', state: 'REVOKED' };

/** Which exception is to be decided, and the states that it must be in. */
interface Closing extends Pick<CommitRequest, 'expectedRevision' | 'reason'> {
  id: string;
  from: readonly ExceptionState[];
  /** Who must have requested it; absent: anybody, or nobody. */
  requestedById?: string | null;
}

/** What an exception becomes. */
interface Outcome {
  action: Action;
  state: StoredExceptionState;
  until?: Date;
  isSelfGranted?: boolean;
}

/** Under the organization's lock: of two who decide at once, the later one finds what the first has made of it. */
function close(
  db: Database,
  { organizationId, actor, now }: ExceptionsChange,
  { id, from, requestedById, ...request }: Closing,
  decide: (tx: Database, present: ModelException) => Promise<Outcome>,
): Promise<ModelException> {
  return commit(db, { organizationId, actor, ...request }, async (tx) => {
    const present = await findException(tx, organizationId, id);
    if (!present || (requestedById !== undefined && present.requestedById !== requestedById)) {
      throw new NotFoundError('The organization has no such exception, or none that you may change');
    }
    const state = exceptionStateOf(present, now);
    if (!from.includes(state)) throw new ExceptionStateError(state, from);

    const { action, isSelfGranted = false, ...changed } = await decide(tx, present);
    return {
      action,
      subjectId: id,
      before: ledgerStateOf(present),
      after: { ...ledgerStateOf({ ...present, ...changed }), ...(isSelfGranted && { selfGranted: true }) },
      apply: async ({ at }) =>
        onlyRow(
          await tx.query<ModelException>`
            UPDATE public."ModelException"
            SET ${assignmentsOf({ ...changed, decidedById: actor.userId, decidedAt: at })}
            WHERE "organizationId" = ${organizationId} AND "id" = ${id} RETURNING ${columnsOfException}`,
        ),
    };
  });
}
