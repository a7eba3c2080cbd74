import { z } from 'zod';
import type { Database } from '../../database/pool/client.ts';
import { ValidationError } from '../../errors/base.ts';
import { subjectId } from '../../policy/policy-fields.ts';
import { entryOf, type Lists, noLists, scopesOf } from '../../policy/policy-value.ts';
import { cachedSchema } from '../input/cached-schema.ts';
import { parseInput } from '../input/validation.ts';
import type { Action } from '../ledger/ledger-entry.ts';
import { findUnknownSubjects, nobody } from '../subjects/subject.ts';
import { changeLists, listChangeFields } from './list-change.ts';
import {
  changePolicy,
  keepOrder,
  type PolicyChangeContext,
  type PolicyChangeOptions,
  type PolicyOutcome,
} from './policy-change.ts';
import { policyChangeFields } from './policy-input.ts';

const Clearing = z.object({ subjectId, ...policyChangeFields });

const scopeChange = cachedSchema((maxEntries) =>
  z.object({ subjectId, ...listChangeFields(maxEntries), ...policyChangeFields }),
);

/**
 * Changes the lists of one subject of an organization, and answers the new snapshot; or the preview of a dry run. Lists that say
 * nothing are no part of the policy. Where nothing changes there is no new revision.
 *
 * @throws ValidationError, also for a subject that the organization does not have, unless the policy names it; InvalidProviderSlugError,
 *   RevisionConflictError
 */
export function setScopePolicy(db: Database, context: PolicyChangeContext, input: unknown): Promise<PolicyOutcome> {
  const { subjectId, expectedRevision, reason, dryRun, ...change } = parseInput(
    scopeChange(context.limits.inputList),
    input,
  );
  const scope = { subjectId, action: 'SCOPE_POLICY_UPDATED' } as const;
  return changeScope(db, context, scope, { expectedRevision, reason, dryRun }, (present) =>
    changeLists(context.catalog, present, change),
  );
}

/**
 * Clears the lists of one subject, also of one that is gone.
 * @throws ValidationError for a subject that neither the organization nor its policy has; RevisionConflictError
 */
export function clearScopePolicy(db: Database, context: PolicyChangeContext, input: unknown): Promise<PolicyOutcome> {
  const { subjectId, ...options } = parseInput(Clearing, input);
  return changeScope(db, context, { subjectId, action: 'SCOPE_POLICY_CLEARED' }, options, () => noLists);
}

async function changeScope(
  db: Database,
  context: PolicyChangeContext,
  { subjectId, action }: { subjectId: string; action: Action },
  options: PolicyChangeOptions,
  next: (present: Lists) => Lists,
): Promise<PolicyOutcome> {
  const isUnknown = (await findUnknownSubjects(db, context.organizationId, [subjectId])).length > 0;
  return changePolicy(db, context, options, (present) => {
    const lists = entryOf(present.scopes, subjectId);
    if (isUnknown && !lists) throw new ValidationError([{ path: 'subjectId', message: nobody }]);
    const scopes = scopesOf({ ...present.scopes, [subjectId]: next(lists ?? noLists) });
    return { action, policy: keepOrder(present, { ...present, scopes }) };
  });
}
