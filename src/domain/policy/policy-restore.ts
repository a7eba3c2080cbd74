import { z } from 'zod';
import type { Database } from '../../database/pool/client.ts';
import { parseInput } from '../input/validation.ts';
import { accessDenied } from '../ledger/reauthorize.ts';
import { changePolicy, type PolicyChangeContext, type PolicyOutcome } from './policy-change.ts';
import { findPoliciesAt } from './policy-history.ts';
import { policyChangeFields } from './policy-input.ts';

const Restore = z.object({ revision: z.int().min(0, 'must not be negative'), ...policyChangeFields });

/**
 * Makes an organization's policy what it was at a revision, to the last byte: lists are neither sorted nor spelled anew. What is
 * so already makes no revision.
 *
 * @throws ValidationError for a revision that the organization has not reached, DefaultModelDisabledError, RevisionConflictError
 */
export async function restorePolicy(
  db: Database,
  context: PolicyChangeContext,
  input: unknown,
): Promise<PolicyOutcome> {
  const { revision, ...options } = parseInput(Restore, input);
  // Outside the lock: what a revision was never changes.
  const [then] = await findPoliciesAt(db, [
    { organizationId: context.organizationId, atRevision: revision, path: 'revision' },
  ]);
  if (!then) throw accessDenied(context.organizationId);
  if (then instanceof Error) throw then;
  return changePolicy(db, context, options, () => ({
    action: 'POLICY_RESTORED',
    policy: then.policy,
    restoredFrom: revision,
  }));
}
