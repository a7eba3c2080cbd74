import type { Model } from './model.ts';

/** The maximum length of a model's name. A longer one names nothing, and is not looked up. */
export const maxNameLength = 200;

/** An invisible character, or a space other than U+0020: a name with one is not the name that people read. */
export const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800]|(?! )\p{Zs}/u;

const unseen = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const dashes = /[\u2010-\u2015\u2212]/g;
const folded = /^(?!mdl_)[a-z0-9._:@/-]*$/;

/**
 * Folds a name for comparisons: names that a person would take for the same become equal. Ignores case, surrounding blanks,
 * invisible characters and the form of dashes and letters. The id of a model folds to its `provider/key`.
 */
export function foldName(name: string): string {
  // Most names are folded already.
  if (folded.test(name)) return name;
  return name
    .normalize('NFKC')
    .replace(unseen, '')
    .replace(dashes, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
    .replace(/^mdl_/, '');
}

interface Named {
  model: Model;
  /** The keys of the name, in the catalog's spelling. */
  keys: string[];
}

/** Models by their folded keys, ids and display names. Built once for each catalog. */
export class ModelNames {
  readonly #named = new Map<string, Named>();

  constructor(models: readonly Model[]) {
    for (const model of models) {
      for (const key of model.names) this.#add(foldName(key), model, key);
    }
    const keys = new Set(this.#named.keys());
    for (const model of models) {
      const exact = `${model.provider}/${model.modelId}`;
      for (const name of [model.displayName, `${model.provider}/${model.displayName}`].map(foldName)) {
        // A display name that is also a key is that key.
        if (!keys.has(name)) this.#add(name, model, exact);
      }
    }
  }

  /** The first model with this name. */
  find(name: string): Model | undefined {
    return this.#named.get(foldName(name))?.model;
  }

  /** The keys of the name, in the catalog's spelling; empty for an unknown name. */
  keysOf(name: string): readonly string[] {
    return this.#named.get(foldName(name))?.keys ?? [];
  }

  #add(name: string, model: Model, key: string): void {
    const known = this.#named.get(name);
    if (!known) this.#named.set(name, { model, keys: [key] });
    else if (!known.keys.includes(key)) known.keys.push(key);
  }
}
