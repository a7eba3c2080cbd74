import { z } from 'zod';
import type { Catalog } from '../catalog/catalog.ts';
import type { Model } from '../catalog/model.ts';
import { invisible, maxNameLength } from '../catalog/model-name.ts';
import { nearestNames } from '../catalog/nearest-names.ts';

/**
 * A model's name as clients send it, trimmed. Invisible characters are refused, since such a name looks like another one.
 * PostgreSQL stores neither NUL nor lone surrogates; other control characters are refused with them.
 */
export const modelName = z
  .string()
  .max(maxNameLength, `must not be longer than ${maxNameLength} characters`)
  .trim()
  .min(1, 'must not be empty')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters')
  .refine((name) => !invisible.test(name), 'must not contain invisible characters, nor unusual spaces');

/** The model of this provider by its name, with or without the prefix `provider/`; undefined where there is none. */
export function findModelAt(catalog: Catalog, provider: string, name: string): Model | undefined {
  const model = catalog.find(`${provider}/${name}`) ?? catalog.find(name);
  return model?.provider === provider ? model : undefined;
}

/** Names of models as the catalog's keys, each once. An unknown name stays as it is: the catalog may have it later. */
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

/** The selectors that name nothing in the catalog, and so disable nothing. */
export function findDeadSelectors(catalog: Catalog, selectors: readonly string[]): string[] {
  return selectors.filter((selector) => catalog.keysOf(selector).length === 0);
}

/** A selector that names nothing in the catalog, with suggestions. */
export interface SelectorWarning {
  selector: string;
  /** Keys of the catalog, the nearest first; three at most. */
  nearest: readonly string[];
  message: string;
}

const known = new WeakMap<readonly string[], { catalog: Catalog; warnings: readonly SelectorWarning[] }>();

/** Warnings for the selectors that name nothing. Cached by the list's identity, since a query may ask many times for one list. */
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
