import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Database } from '../../database/pool/client.ts';
import { ValidationError } from '../../errors/base.ts';
import { targetsOf } from '../../policy/alias.ts';
import { entryOf, type Policy } from '../../policy/policy-value.ts';
import { withReview } from '../../policy/review.ts';
import { parseInput } from '../input/validation.ts';
import { findUnknownSubjects, nobody } from '../subjects/subject.ts';
import { findKeptNames } from './kept-names.ts';
import { changePolicy, keepOrder, type PolicyChangeContext, type PolicyOutcome } from './policy-change.ts';
import { type PolicyDocument, parsePolicyDocument, refuseForeignDocument } from './policy-document.ts';
import { checkedDefault, policyChangeFields } from './policy-input.ts';
import { spellAliases, spellApproved, spellLists } from './policy-spelling.ts';

const Apply = z.object({ document: z.string(), ...policyChangeFields });

/**
 * Makes an organization's policy what a document says; or answers the preview of a dry run. What is so already makes no revision.
 *
 * @throws ValidationError with path, line and column; InvalidProviderSlugError, UnknownModelError, DefaultModelDisabledError,
 *   RevisionConflictError
 */
export async function applyPolicy(db: Database, context: PolicyChangeContext, input: unknown): Promise<PolicyOutcome> {
  const { catalog, organizationId, limits } = context;
  const { document: text, ...options } = parseInput(Apply, input);
  const document = parsePolicyDocument(text, limits, await findKeptNames(db, organizationId));
  refuseForeignDocument(document, organizationId);
  const unknown = await findUnknownSubjects(db, organizationId, Object.keys(document.policy.scopes));
  return changePolicy(db, context, options, (present) => {
    const [foreign] = unknown.filter((id) => !Object.hasOwn(present.scopes, id));
    if (foreign !== undefined) throw new ValidationError([document.faultAt(['scopes', foreign], nobody)]);
    return { action: 'POLICY_APPLIED', policy: keepOrder(present, spell(catalog, document, present)) };
  });
}

/** The policy of a document, as the catalog spells its names. */
function spell(catalog: Catalog, { policy, faultAt }: PolicyDocument, present: Policy): Policy {
  const scopes = Object.entries(policy.scopes).map(([id, lists]) => [
    id,
    spellLists(catalog, lists, entryOf(present.scopes, id)),
  ]);
  const spelled = {
    ...policy,
    ...spellLists(catalog, policy, present),
    approvedModels: spellApproved(catalog, policy.approvedModels, present.approvedModels),
    aliases: located(faultAt, () => spellAliases(catalog, policy.aliases, present.aliases)),
    scopes: Object.fromEntries(scopes),
    defaultModelKey: located(faultAt, () => spellDefault(catalog, policy, present)),
  };
  return withReview(spelled, present, catalog);
}

function spellDefault(catalog: Catalog, { defaultModelKey, aliases }: Policy, present: Policy): string | null {
  if (defaultModelKey === null) return null;
  const targets = [aliases, present.aliases].map((known) => targetsOf({ aliases: known }, defaultModelKey));
  if (defaultModelKey === present.defaultModelKey && isDeepStrictEqual(targets[0], targets[1])) return defaultModelKey;
  return checkedDefault(catalog, aliases, defaultModelKey);
}

/** What a check answers; its faults with line and column. */
function located<Value>(faultAt: PolicyDocument['faultAt'], check: () => Value): Value {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new ValidationError(error.issues.map(({ path, message }) => faultAt(path.split('.'), message)));
  }
}
