import type { z } from 'zod';
import type { Catalog } from '../../catalog/catalog.ts';
import { foldName } from '../../catalog/model-name.ts';
import { ValidationError, type ValidationIssue } from '../../errors/base.ts';
import { spellSelectors } from '../../policy/model-selector.ts';
import { entryFields, listFields } from '../../policy/policy-fields.ts';
import { type Lists, listKeys } from '../../policy/policy-value.ts';
import { spellLists } from './policy-spelling.ts';

type Adding = `add${Capitalize<keyof Lists>}`;
type Removing = `remove${Capitalize<keyof Lists>}`;

/** A partial change of lists: what is absent stays. Each list is replaced whole, or entries are added to it and removed from it. */
export type ListChange = { [Name in keyof Lists]?: Lists[Name] | undefined } & {
  [Name in Adding | Removing]?: readonly string[] | undefined;
};

/** The fields of an input that changes lists, for a service whose lists have so many entries at most. Names of `kept` are taken as they are. */
export function listChangeFields(maxEntries: number, kept?: ReadonlySet<string>) {
  const { disabledProviders, disabledModels, allowedModels } = listFields(maxEntries, kept);
  const { providers, models, removed } = entryFields(maxEntries);
  return {
    disabledProviders: disabledProviders.optional(),
    addDisabledProviders: providers,
    removeDisabledProviders: removed,
    disabledModels: disabledModels.optional(),
    addDisabledModels: models,
    removeDisabledModels: removed,
    allowedModels: allowedModels.optional(),
    addAllowedModels: models,
    removeAllowedModels: removed,
  } satisfies Record<keyof ListChange, z.ZodType>;
}

/**
 * The lists after a change, as the catalog spells their names. To add to an allow list that is not in use starts it; to remove what is
 * not there changes nothing.
 *
 * @throws ValidationError where a list is replaced and added to, or an entry is added and removed; InvalidProviderSlugError
 */
export function changeLists(catalog: Catalog, present: Lists, change: ListChange): Lists {
  const faults = listKeys.flatMap((list) => faultsOf(catalog, list, change));
  if (faults.length > 0) throw new ValidationError(faults);
  const changed = (list: keyof Lists) =>
    change[list] === undefined ? partly(catalog, list, present, change) : change[list];
  const lists = {
    disabledProviders: changed('disabledProviders') ?? [],
    disabledModels: changed('disabledModels') ?? [],
    allowedModels: changed('allowedModels'),
  };
  return spellLists(catalog, lists, present);
}

/** A list with what the change adds behind what it leaves. */
function partly(catalog: Catalog, list: keyof Lists, present: Lists, change: ListChange): Lists[keyof Lists] {
  const { added, removed } = partsOf(list, change);
  const isRemoved = namesAnyOf(catalog, list, removed ?? []);
  const left = present[list]?.filter((entry) => !isRemoved(entry)) ?? null;
  if (!added?.length) return left;
  const entries = new Map((left ?? []).map((entry) => [foldName(entry), entry]));
  for (const entry of spell(catalog, list, added)) {
    const name = foldName(entry);
    if (!entries.has(name)) entries.set(name, entry);
  }
  return [...entries.values()];
}

function faultsOf(catalog: Catalog, list: keyof Lists, change: ListChange): ValidationIssue[] {
  const { added, removed, paths } = partsOf(list, change);
  const given = paths.filter((path) => change[path] !== undefined);
  if (change[list] !== undefined) {
    return given.map((path) => ({ path, message: `must not be given beside ${list}, which replaces the list` }));
  }
  const isAdded = namesAnyOf(catalog, list, added ?? []);
  return (removed ?? [])
    .filter((entry) => [entry, ...spell(catalog, list, [entry])].some(isAdded))
    .map((entry) => ({ path: paths[1], message: `must not remove "${entry}", which the change adds` }));
}

function partsOf(list: keyof Lists, change: ListChange) {
  const name = `${list.charAt(0).toUpperCase()}${list.slice(1)}` as Capitalize<keyof Lists>;
  const paths = [`add${name}`, `remove${name}`] as const;
  return { added: change[paths[0]], removed: change[paths[1]], paths };
}

/** Whether an entry of a list is one of these names, as they are given or as they are spelled, in any case. */
function namesAnyOf(catalog: Catalog, list: keyof Lists, names: readonly string[]): (entry: string) => boolean {
  const all = new Set([...names, ...spell(catalog, list, names)].map(foldName));
  return (entry) => all.has(foldName(entry));
}

function spell(catalog: Catalog, list: keyof Lists, names: readonly string[]): readonly string[] {
  return list === 'disabledProviders' ? names : spellSelectors(catalog, names);
}
