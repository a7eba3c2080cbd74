import type { Catalog } from '../catalog/catalog.ts';
import type { Model } from '../catalog/model.ts';
import { foldName } from '../catalog/model-name.ts';
import { addModel, type ModelSet, noModels } from './model-set.ts';
import { effectivePrefix, isPattern } from './selector-pattern.ts';

/** The positions of models by their folded names of one kind. */
class NameIndex {
  readonly #positions = new Map<string, number[]>();
  readonly #sets = new WeakMap<readonly string[], ModelSet>();
  readonly #empty: ModelSet;
  #sorted: string[] | undefined;

  constructor(models: readonly Model[], namesOf: (model: Model) => readonly string[]) {
    this.#empty = noModels(models.length);
    models.forEach((model, position) => {
      for (const name of namesOf(model)) {
        const known = this.#positions.get(name);
        if (known) known.push(position);
        else this.#positions.set(name, [position]);
      }
    });
  }

  /** The models that any of the selectors matches. Cached by the list's identity. */
  match(selectors: readonly string[]): ModelSet {
    if (selectors.length === 0) return this.#empty;
    const known = this.#sets.get(selectors);
    if (known) return known;

    const set = this.#empty.slice();
    for (const name of selectors) if (!isPattern(name)) this.#add(set, foldName(name));
    for (const prefix of shortestOf(selectors)) {
      const names = this.#names();
      for (let index = firstFrom(names, prefix); names[index]?.startsWith(prefix); index += 1) {
        this.#add(set, names[index] ?? '');
      }
    }
    this.#sets.set(selectors, set);
    return set;
  }

  #add(set: ModelSet, name: string): void {
    for (const position of this.#positions.get(name) ?? []) addModel(set, position);
  }

  /** Sorted when the first pattern is matched: names with a common beginning stand together. */
  #names(): readonly string[] {
    this.#sorted ??= [...this.#positions.keys()].sort();
    return this.#sorted;
  }
}

/** The prefixes of the patterns, without those that begin with another of them: so no name is visited twice. */
function shortestOf(selectors: readonly string[]): string[] {
  const prefixes = selectors
    .filter(isPattern)
    .map(effectivePrefix)
    .filter((prefix) => prefix !== null)
    .sort();
  const shortest: string[] = [];
  for (const prefix of prefixes) {
    const last = shortest.at(-1);
    if (last === undefined || !prefix.startsWith(last)) shortest.push(prefix);
  }
  return shortest;
}

/** The index of the first of the sorted names that is not before the prefix. */
function firstFrom(names: readonly string[], prefix: string): number {
  let [from, to] = [0, names.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((names[middle] ?? '') < prefix) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** What policies ask of the models of one catalog. Built once for each. */
class SelectorIndex {
  readonly blocking: NameIndex;
  readonly allowing: NameIndex;
  readonly own: NameIndex;
  readonly providers: NameIndex;

  constructor({ models }: Catalog) {
    this.blocking = new NameIndex(models, ({ disabledBy }) => disabledBy);
    this.allowing = new NameIndex(models, ({ allowedBy }) => allowedBy);
    this.own = new NameIndex(models, ({ ownNames }) => ownNames);
    this.providers = new NameIndex(models, ({ provider }) => [provider]);
  }
}

const indexes = new WeakMap<Catalog, SelectorIndex>();

function indexOf(catalog: Catalog): SelectorIndex {
  const index = indexes.get(catalog) ?? new SelectorIndex(catalog);
  indexes.set(catalog, index);
  return index;
}

/** The models that entries of `disabledModels` disable. */
export function blockedBy(catalog: Catalog, selectors: readonly string[]): ModelSet {
  return indexOf(catalog).blocking.match(selectors);
}

/**
 * The models that entries of `allowedModels`, or of an exception, allow: by their own names, and a snapshot by its floating names. A
 * floating name is not allowed by the snapshot that it points to: the provider can move it.
 */
export function allowedBy(catalog: Catalog, selectors: readonly string[]): ModelSet {
  return indexOf(catalog).allowing.match(selectors);
}

/** The models that the names among the selectors mean exactly. */
export function namedBy(catalog: Catalog, selectors: readonly string[]): ModelSet {
  return indexOf(catalog).own.match(selectors.some(isPattern) ? selectors.filter((one) => !isPattern(one)) : selectors);
}

/** The models of these providers. */
export function offeredBy(catalog: Catalog, providers: readonly string[]): ModelSet {
  return indexOf(catalog).providers.match(providers);
}
