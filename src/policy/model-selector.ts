import { z } from 'zod';
import type { Catalog } from '../catalog/catalog.ts';
import type { Model } from '../catalog/model.ts';
import { invisible, maxNameLength } from '../catalog/model-name.ts';
import { nearestNames } from '../catalog/nearest-names.ts';

/**
 * A name of a model as it comes from outside, without the blanks around it. What is not seen is refused: a name with it looks like
 * another. PostgreSQL takes neither NUL nor lone surrogates, and nobody means any other control character.
 */
export const modelName = z
  .string()
  .max(maxNameLength, `must not be longer than ${maxNameLength} characters`)
  .trim()
  .min(1, 'must not be empty')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters')
  .refine((name) => !invisible.test(name), 'must not contain invisible characters, nor unusual spaces');

/** A provider's model of this name, with or without the provider's; undefined where it is no name of one. */
export function findModelAt(catalog: Catalog, provider: string, name: string): Model | undefined {
  const model = catalog.find(`${provider}/${name}`) ?? catalog.find(name);
  return model?.provider === provider ? model : undefined;
}

/** Names of models as the catalog spells their keys, each once; what names nothing stays, since its model may come later. */
export function spellSelectors(catalog: Catalog, names: readonly string[]): string[] {
  return [
    ...new Set(
      names.flatMap((name) => {
        const keys = catalog.keysOf(name);
        return keys.length === 0 ? [name] : keys;
      }),
    ),
  ];
}

/** Those that name nothing in the catalog, and so decide nothing. */
export function findDeadSelectors(catalog: Catalog, selectors: readonly string[]): string[] {
  return selectors.filter((selector) => catalog.keysOf(selector).length === 0);
}

/** A selector that names nothing, and what may have been meant. */
export interface SelectorWarning {
  selector: string;
  /** Keys of the catalog, the nearest first; three at most. */
  nearest: readonly string[];
  message: string;
}

const known = new WeakMap<readonly string[], { catalog: Catalog; warnings: readonly SelectorWarning[] }>();

/** What a person should be told of these selectors. A document may ask many times about one list: it is looked at once. */
export function warnOfSelectors(catalog: Catalog, selectors: readonly string[]): readonly SelectorWarning[] {
  const looked = known.get(selectors);
  if (looked?.catalog === catalog) return looked.warnings;

  const warnings = findDeadSelectors(catalog, selectors).map((selector) => {
    const nearest = nearestNames(catalog, selector);
    const question = nearest.length === 0 ? '' : `; did you mean ${nearest.join(' or ')}?`;
    return { selector, nearest, message: `"${selector}" names no model${question}` };
  });
  known.set(selectors, { catalog, warnings });
  return warnings;
}
