/** What an organization says about models: one immutable value. Whatever it does not disable is allowed. */
export interface Policy {
  disabledProviders: readonly string[];
  disabledModels: readonly string[];
  defaultModelKey: string | null;
}

/** The policy of an organization that has never set any: all models are allowed. Its keys are in canonical order. */
export const defaultPolicy: Policy = Object.freeze({
  disabledProviders: Object.freeze([]) as readonly string[],
  disabledModels: Object.freeze([]) as readonly string[],
  defaultModelKey: null,
});

type PolicyKey = keyof Policy;

/** The fields of a policy, in canonical order. */
export const policyKeys = Object.keys(defaultPolicy) as PolicyKey[];

/** The policy of a value that may have other fields, or lack some, as the first entries of a ledger do. What is absent is the default. */
export function policyOf(value: Partial<Policy> | null): Policy {
  return Object.fromEntries(policyKeys.map((key) => [key, value?.[key] ?? defaultPolicy[key]])) as unknown as Policy;
}

/**
 * The policy as a document: its keys in canonical order, lists in the order in which they were written, without what is as by
 * default. Equal policies have equal documents.
 */
export function documentOf(policy: Policy): Partial<Policy> {
  return Object.fromEntries(
    policyKeys.filter((key) => !isDefault(policy[key])).map((key) => [key, policy[key]]),
  ) as Partial<Policy>;
}

function isDefault(value: Policy[PolicyKey]): boolean {
  return value === null || value.length === 0;
}
