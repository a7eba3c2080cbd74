import { typeid } from 'typeid-js';
import type { Database } from '../../database/pool/client.ts';
import { onlyRow, valuesOf } from '../../database/pool/sql.ts';
import { ForbiddenError, ValidationError } from '../../errors/base.ts';
import { spellSelectors } from '../../policy/model-selector.ts';
import { parseInput } from '../input/validation.ts';
import { commit } from '../ledger/ledger.ts';
import type { Action } from '../ledger/ledger-entry.ts';
import { columnsOfException, ledgerStateOf, type ModelException } from './exception.ts';
import { type ExceptionsChange, newExceptionInput, refuseInvalidEnd } from './exception-input.ts';
import { refuseTooLong, refuseTooMany, refuseTooManyRequests } from './exception-limits.ts';
import { isForActor, refuseAbsentSubject, refuseSelfGrant } from './exception-subject.ts';

/**
 * Requests an exception: for the actor, its role or a team that it is in.
 * @throws ValidationError, ForbiddenError for any other subject, whether or not it exists; RevisionConflictError
 */
export function requestModelException(db: Database, change: ExceptionsChange, input: unknown): Promise<ModelException> {
  const { actor, organizationId } = change;
  return create(db, change, input, async (tx, { subjectId }) => {
    if (!(await isForActor(tx, change, subjectId))) {
      const message = 'An exception is requested for oneself, for a team that one is in, or for the role that one has';
      throw new ForbiddenError('INSUFFICIENT_PERMISSIONS', message, organizationId);
    }
    await refuseTooManyRequests(tx, change, actor.userId);
    return { action: 'MODEL_EXCEPTION_REQUESTED', state: 'REQUESTED', requestedById: actor.userId, decidedById: null };
  });
}

/**
 * Grants an exception that nobody has requested.
 * @throws ValidationError, also for a subject that is not there; ForbiddenError for the actor itself; RevisionConflictError
 */
export function grantModelException(db: Database, change: ExceptionsChange, input: unknown): Promise<ModelException> {
  const { organizationId, actor } = change;
  return create(db, change, input, async (tx, { subjectId, models }) => {
    await refuseAbsentSubject(tx, organizationId, subjectId);
    const isSelfGranted = await refuseSelfGrant(tx, change, { subjectId, requestedById: null });
    await refuseTooLong(tx, change, models);
    const decidedById = actor.userId;
    return { action: 'MODEL_EXCEPTION_GRANTED', state: 'GRANTED', requestedById: null, decidedById, isSelfGranted };
  });
}

/** How an exception comes to be. */
type Origin = Pick<ModelException, 'state' | 'requestedById' | 'decidedById'> & {
  action: Action;
  isSelfGranted?: boolean;
};

async function create(
  db: Database,
  change: ExceptionsChange,
  input: unknown,
  check: (tx: Database, exception: Pick<ModelException, 'subjectId' | 'models'>) => Promise<Origin>,
): Promise<ModelException> {
  const { organizationId, actor, catalog, limits } = change;
  const { subjectId: given, models: named, expectedRevision, ...said } = parseInput(newExceptionInput(limits), input);
  refuseInvalidEnd(said.until, change);
  const subjectId = given ?? actor.userId;
  if (subjectId === null) throw new ValidationError([{ path: 'subjectId', message: 'is required' }]);

  return commit(db, { organizationId, actor, expectedRevision, reason: said.reason }, async (tx) => {
    const exception = { subjectId, models: spellSelectors(catalog, named) };
    const { action, isSelfGranted = false, ...origin } = await check(tx, exception);
    await refuseTooMany(tx, change);

    const id = typeid('exc').toString();
    const row = { organizationId, id, ...exception, ...said, ...origin };
    return {
      action,
      subjectId: id,
      before: null,
      after: { ...ledgerStateOf(row), ...(isSelfGranted && { selfGranted: true }) },
      apply: async ({ at }) => {
        const times = { createdAt: at, decidedAt: origin.state === 'REQUESTED' ? null : at };
        return onlyRow(
          await tx.query<ModelException>`
            INSERT INTO public."ModelException" ${valuesOf({ ...row, ...times })} RETURNING ${columnsOfException}`,
        );
      },
    };
  });
}
