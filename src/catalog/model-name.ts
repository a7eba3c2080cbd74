import type { Model } from './model.ts';

/** Characters that a name of a model may have; a longer one names nothing, and is not looked into. */
export const maxNameLength = 200;

/** A character that is not seen, or a space that is not the one of the keyboard: a name with one is not the name that is read. */
export const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800]|(?! )\p{Zs}/u;

const unseen = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const dashes = /[\u2010-\u2015\u2212]/g;
const folded = /^(?!mdl_)[a-z0-9._:@/-]*$/;

/**
 * The name as names are compared: what a person would take for the same name is the same text. Case, blanks around, what is
 * not seen, and the form of a dash or a letter do not matter, and the id of a model is its `provider/key`.
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
  /** The keys that the name stands for, as the catalog spells them. */
  keys: string[];
}

/** What people call models, by folded names: by their keys, ids and display names. Made once a catalog. */
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
        // What is also a key is the key.
        if (!keys.has(name)) this.#add(name, model, exact);
      }
    }
  }

  /** The first model of the name. */
  find(name: string): Model | undefined {
    return this.#named.get(foldName(name))?.model;
  }

  /** The keys that the name stands for, as the catalog spells them; none where it names nothing. */
  keysOf(name: string): readonly string[] {
    return this.#named.get(foldName(name))?.keys ?? [];
  }

  #add(name: string, model: Model, key: string): void {
    const known = this.#named.get(name);
    if (!known) this.#named.set(name, { model, keys: [key] });
    else if (!known.keys.includes(key)) known.keys.push(key);
  }
}
