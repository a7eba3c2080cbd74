import { type Lists, noLists, type Policy } from '../../policy/policy-value.ts';

type ModelList = 'disabledProviders' | 'disabledModels' | 'allowedModels';

/** What of a policy is against a model, as the service tells it. */
interface Cause {
  reason: string;
  entry: string | null;
  subjectId: string | null;
}

export const without = (list: readonly string[], entries: readonly string[]) =>
  list.filter((entry) => !entries.includes(entry));
export const withAll = (list: readonly string[], entries: readonly string[]) => [...new Set([...list, ...entries])];

export function switchProvider(policy: Policy, slug: string, isOn: boolean): Policy {
  const { disabledProviders } = policy;
  return {
    ...policy,
    disabledProviders: isOn ? without(disabledProviders, [slug]) : withAll(disabledProviders, [slug]),
  };
}

export function disableModels(policy: Policy, names: readonly string[]): Policy {
  return { ...policy, disabledModels: withAll(policy.disabledModels, names) };
}

/** Lifts what the organization's own lists have against a model. Rules of single subjects stay. */
export function allowModel(policy: Policy, name: string, causes: readonly Cause[]): Policy {
  const own = causes.filter(({ subjectId }) => subjectId === null);
  const entriesFor = (reason: string) => own.flatMap((cause) => (cause.reason === reason ? [cause.entry ?? name] : []));
  const { disabledProviders, disabledModels, allowedModels, approvedModels } = policy;
  return {
    ...policy,
    disabledProviders: without(disabledProviders, entriesFor('PROVIDER_DISABLED')),
    disabledModels: without(disabledModels, entriesFor('MODEL_DISABLED')),
    allowedModels: allowedModels && withAll(allowedModels, entriesFor('NOT_ALLOWED')),
    approvedModels: withAll(approvedModels, entriesFor('PENDING_REVIEW')),
  };
}

/** The further lists of one subject. */
export const listsOf = (policy: Policy, subjectId: string): Lists => policy.scopes[subjectId] ?? noLists;

export function setLists(policy: Policy, subjectId: string, lists: Lists): Policy {
  return { ...policy, scopes: { ...policy.scopes, [subjectId]: lists } };
}

/** Makes the edits from `base` to `mine` on what others have made of `base` meanwhile: of lists each entry by itself. */
export function rebase(base: Policy, mine: Policy, theirs: Policy): Policy {
  const scopes = [...new Set([base, mine, theirs].flatMap((policy) => Object.keys(policy.scopes)))];
  const aliases = [...new Set([base, mine, theirs].flatMap((policy) => Object.keys(policy.aliases)))];
  const rebasedAliases = aliases.flatMap((name) => {
    const targets = rebaseValue(base.aliases[name], mine.aliases[name], theirs.aliases[name]);
    return targets ? [[name, targets] as const] : [];
  });
  return {
    ...rebaseLists(base, mine, theirs),
    approvedModels: rebaseEntries(base.approvedModels, mine.approvedModels, theirs.approvedModels),
    defaultModelKey: rebaseValue(base.defaultModelKey, mine.defaultModelKey, theirs.defaultModelKey),
    newModels: rebaseValue(base.newModels, mine.newModels, theirs.newModels),
    reviewedAt: rebaseValue(base.reviewedAt, mine.reviewedAt, theirs.reviewedAt),
    aliases: Object.fromEntries(rebasedAliases),
    scopes: Object.fromEntries(
      scopes.map((id) => [id, rebaseLists(listsOf(base, id), listsOf(mine, id), listsOf(theirs, id))]),
    ),
  };
}

function rebaseLists(base: Lists, mine: Lists, theirs: Lists): Lists {
  const list = (name: Exclude<ModelList, 'allowedModels'>) => rebaseEntries(base[name], mine[name], theirs[name]);
  const isInUse = [base, mine, theirs].every(({ allowedModels }) => allowedModels !== null);
  return {
    disabledProviders: list('disabledProviders'),
    disabledModels: list('disabledModels'),
    allowedModels: isInUse
      ? rebaseEntries(base.allowedModels ?? [], mine.allowedModels ?? [], theirs.allowedModels ?? [])
      : rebaseValue(base.allowedModels, mine.allowedModels, theirs.allowedModels),
  };
}

function rebaseEntries(base: readonly string[], mine: readonly string[], theirs: readonly string[]): readonly string[] {
  return withAll(without(theirs, without(base, mine)), without(mine, base));
}

function rebaseValue<Value>(base: Value, mine: Value, theirs: Value): Value {
  return JSON.stringify(mine) === JSON.stringify(base) ? theirs : mine;
}
