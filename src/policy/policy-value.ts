/** What is disabled and what is allowed: for a whole organization, or for one subject of it. */
export interface Lists {
  disabledProviders: readonly string[];
  disabledModels: readonly string[];
  /** Null: not in use. Empty: nothing is allowed. */
  allowedModels: readonly string[] | null;
}

/** What an organization says about models: one immutable value. Whatever it does not refuse is allowed. */
export interface Policy extends Lists {
  defaultModelKey: string | null;
  /** Whether models that are new in the catalog wait for a review. */
  newModels: 'ALLOW' | 'REVIEW';
  /** Models that were in the catalog by then are reviewed: a time in ISO 8601. Null where new ones are allowed. */
  reviewedAt: string | null;
  /** Models that were allowed in a review, of those that are newer. */
  approvedModels: readonly string[];
  /** Names of the organization's own, each with the models that it stands for, in order of preference. */
  aliases: Readonly<Record<string, readonly string[]>>;
  /** Further lists, by the id of the subject that they are for: `usr_…`, `team_…`, `role_…`, `api_…`. */
  scopes: Readonly<Record<string, Lists>>;
}

/** The lists of a subject that has none. Their keys are in canonical order. */
export const noLists: Lists = Object.freeze({
  disabledProviders: Object.freeze([]) as readonly string[],
  disabledModels: Object.freeze([]) as readonly string[],
  allowedModels: null,
});

/** The policy of an organization that has never set any: all models are allowed. Its keys are in canonical order. */
export const defaultPolicy: Policy = Object.freeze({
  ...noLists,
  defaultModelKey: null,
  newModels: 'ALLOW',
  reviewedAt: null,
  approvedModels: Object.freeze([]) as readonly string[],
  aliases: Object.freeze({}),
  scopes: Object.freeze({}),
});

/** The fields of a policy, in canonical order. */
export const policyKeys = Object.keys(defaultPolicy) as (keyof Policy)[];

/** The fields of the lists of a subject, in canonical order. */
export const listKeys = Object.keys(noLists) as (keyof Lists)[];

/** A policy as it is stored: without what is as by default, also within `scopes`. */
export type PolicyDocument = Partial<Omit<Policy, 'scopes'>> & { scopes?: Readonly<Record<string, Partial<Lists>>> };

/** The policy of a value that may have other fields, or lack some, as the first entries of a ledger do. What is absent is the default. */
export function policyOf(value: PolicyDocument | null): Policy {
  const policy = { ...defaultPolicy } as Record<keyof Policy, unknown>;
  if (value) for (const key of policyKeys) policy[key] = value[key] ?? defaultPolicy[key];
  if (value?.aliases) policy.aliases = aliasesOf(value.aliases);
  if (value?.scopes) policy.scopes = scopesOf(value.scopes);
  return policy as unknown as Policy;
}

/** Aliases sorted by their names. */
export function aliasesOf(aliases: Policy['aliases']): Policy['aliases'] {
  return mapValues(aliases, (targets) => targets);
}

/** Scopes sorted by their subjects, without those that say nothing. */
export function scopesOf(scopes: Readonly<Record<string, Partial<Lists>>>): Policy['scopes'] {
  const used = Object.entries(mapValues(scopes, listsOf)).filter(([, lists]) => !isEmpty(lists));
  return Object.fromEntries(used);
}

function isEmpty(lists: Lists): boolean {
  return listKeys.every((key) => isSame(lists[key], noLists[key]));
}

function listsOf(value: Partial<Lists>): Lists {
  const { disabledProviders = [], disabledModels = [], allowedModels = null } = value;
  return { disabledProviders, disabledModels, allowedModels };
}

/**
 * The policy as a document: its keys in canonical order, those of maps sorted, lists in the order in which they were written,
 * without what is as by default. Equal policies have equal documents.
 */
export function documentOf(policy: Policy): PolicyDocument {
  const sorted = {
    ...policy,
    aliases: aliasesOf(policy.aliases),
    scopes: mapValues(scopesOf(policy.scopes), documentOfLists),
  };
  return withoutDefaults(sorted, defaultPolicy, policyKeys) as PolicyDocument;
}

/** The lists of a subject in such a document. */
export function documentOfLists(lists: Lists): Partial<Lists> {
  return withoutDefaults(lists, noLists, listKeys);
}

function withoutDefaults<Value extends object>(value: Value, defaults: Value, keys: readonly (keyof Value)[]) {
  return Object.fromEntries(
    keys.filter((key) => !isSame(value[key], defaults[key])).map((key) => [key, value[key]]),
  ) as Partial<Value>;
}

/** Whether a value is the default, which is plain, or empty. */
function isSame(value: unknown, byDefault: unknown): boolean {
  if (typeof byDefault !== 'object' || byDefault === null) return value === byDefault;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** A map with other values, sorted by its keys. Entries of its own alone, whatever a key is called. */
function mapValues<From, To>(map: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  const sorted = Object.entries(map).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, value]) => [key, change(value)]));
}

/** The entry of a map with this key: what every object inherits is none. */
export function entryOf<Value>(map: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

const selectors = new WeakMap<Lists, readonly string[]>();

/** The entries of all lists of models, each once; the same array for the same value. */
export function selectorsOf(lists: Lists): readonly string[] {
  const found = selectors.get(lists) ?? [...new Set([...lists.disabledModels, ...(lists.allowedModels ?? [])])];
  selectors.set(lists, found);
  return found;
}

/** The entries of all lists of models in a policy, those of its scopes as well, each once. */
export function allSelectorsOf(policy: Policy): string[] {
  return [...new Set([policy, ...Object.values(policy.scopes)].flatMap((lists) => [...selectorsOf(lists)]))];
}
