import type { Catalog } from '../../catalog/catalog.ts';
import { ValidationError } from '../../errors/base.ts';
import { DefaultModelDisabledError } from '../../errors/models.ts';
import type { Limits } from '../../limits.ts';
import { modelsOf } from '../../policy/alias.ts';
import { preferredDefault } from '../../policy/default-chain.ts';
import { canBeDefault, decide, type ModelAccess } from '../../policy/policy.ts';
import { entriesIn, lengthOf, maxPolicyLength, sizesOf } from '../../policy/policy-size.ts';
import { listKeys, type Policy } from '../../policy/policy-value.ts';
import { anySubject } from '../../policy/subject.ts';

/** What the checks of a changed policy depend on. */
export interface PolicyCheckContext {
  catalog: Catalog;
  organizationId: string;
  now: Date;
  limits: Limits;
}

/**
 * Refuses a policy that grows beyond what may be stored, or applied as a document. One that is too large already can shrink.
 * @throws ValidationError
 */
export function refuseLargePolicy(before: Policy, after: Policy, { policyEntries, inputList }: Limits): void {
  const refuse = (path: string, message: string) => {
    throw new ValidationError([{ path, message }]);
  };
  const former = sizesOf(before);
  for (const [path, size] of sizesOf(after)) {
    const isTooLong = size > inputList && size > (former.get(path) ?? 0);
    if (isTooLong) refuse(path, `must not have more than ${inputList} entries; it would have ${size}`);
  }
  const refuseMore = (count: (policy: Policy) => number, max: number, what: string) => {
    const size = count(after);
    if (size <= max || size <= count(before)) return;
    refuse('', `the policy must not have more than ${max} ${what}; it would have ${size}`);
  };
  refuseMore(entriesIn, Math.max(policyEntries, listKeys.length * inputList), 'entries in all');
  refuseMore(lengthOf, maxPolicyLength, 'characters as a document');
}

/**
 * Refuses a change that disables the default. A default that was not allowed before (a retired model) blocks no other change.
 * @throws DefaultModelDisabledError
 */
export function refuseDisabledDefault(
  context: PolicyCheckContext,
  before: Policy,
  after: Policy,
  wasGiven: boolean,
): void {
  if (after.defaultModelKey === null) return;
  const access = decideDefault(context, after, after.defaultModelKey);
  // Set before defaults had to be chat models; it is never the effective default.
  if (access.model && !canBeDefault(access.model)) return;
  const wasAllowed = wasGiven || decideDefault(context, before, after.defaultModelKey).allowed;
  if (!access.allowed && wasAllowed) throw new DefaultModelDisabledError(after.defaultModelKey, access.reasons);
}

/** The decision on a default, for whoever has no rules of its own. */
function decideDefault(
  { catalog, organizationId, now }: PolicyCheckContext,
  policy: Policy,
  name: string,
): ModelAccess {
  const snapshot = { ...policy, exceptions: [], organizationId, revision: 0, updatedAt: null, updatedById: null };
  const found = modelsOf(policy, catalog, name).map((model) => decide(snapshot, anySubject, catalog, model, now));
  return preferredDefault(found) ?? decide(snapshot, anySubject, catalog, undefined, now);
}
