import { documentOf, type Lists, listKeys, type Policy } from './policy-value.ts';

/** Characters of a policy's document at most, without blanks: so that it can be written with them, in YAML too, and applied again. */
export const maxPolicyLength = 160_000;

/** The entries of all lists of a policy, with its aliases and scopes. */
export function entriesIn(policy: Policy): number {
  const scopes = Object.values(policy.scopes);
  const targets = Object.values(policy.aliases);
  return (
    listed(policy) +
    policy.approvedModels.length +
    targets.reduce((sum, list) => sum + 1 + list.length, 0) +
    scopes.reduce((sum, lists) => sum + 1 + listed(lists), 0)
  );
}

/** The entries of each list of a policy, and of each of its maps, by the path. */
export function sizesOf(policy: Policy): Map<string, number> {
  const ofLists = (lists: Lists, path = '') =>
    listKeys.map((key): [string, number] => [`${path}${key}`, lists[key]?.length ?? 0]);
  return new Map([
    ...ofLists(policy),
    ['approvedModels', policy.approvedModels.length],
    ['aliases', Object.keys(policy.aliases).length],
    ['scopes', Object.keys(policy.scopes).length],
    ...Object.entries(policy.scopes).flatMap(([id, lists]) => ofLists(lists, `scopes.${id}.`)),
  ]);
}

/** The characters of its document, without blanks. */
export function lengthOf(policy: Policy): number {
  return JSON.stringify(documentOf(policy)).length;
}

function listed(lists: Lists): number {
  return listKeys.reduce((sum, key) => sum + (lists[key]?.length ?? 0), 0);
}
