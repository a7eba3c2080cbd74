import { z } from 'zod';
import type { Catalog } from '../catalog/catalog.ts';
import type { Model } from '../catalog/model.ts';
import { foldName, invisible, maxNameLength } from '../catalog/model-name.ts';
import { nearestNames } from '../catalog/nearest-names.ts';
import { isEmpty } from './model-set.ts';
import { blockedBy } from './selector-index.ts';
import { faultOf, isPattern, prefixOf } from './selector-pattern.ts';

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

/** The entry of a list of models: the name of a model, or the beginning of names with a `*` behind it. */
export const modelSelector = modelName.superRefine((selector, context) => {
  const message = faultOf(selector);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

/** The model of this provider by its name, with or without the prefix `provider/`; undefined where there is none. */
export function findModelAt(catalog: Catalog, provider: string, name: string): Model | undefined {
  const model = catalog.find(`${provider}/${name}`) ?? catalog.find(name);
  return model?.provider === provider ? model : undefined;
}

/**
 * Selectors with names of models as the catalog's keys, and patterns in lower case; each once. An unknown name stays as it is: the
 * catalog may have it later.
 */
export function spellSelectors(catalog: Catalog, selectors: readonly string[]): string[] {
  return [
    ...new Set(
      selectors.flatMap((selector) => {
        if (isPattern(selector)) return [`${foldName(prefixOf(selector))}*`];
        const keys = catalog.keysOf(selector);
        return keys.length === 0 ? [selector] : keys;
      }),
    ),
  ];
}

/** The selectors that match nothing in the catalog, and so have no effect. */
export function findDeadSelectors(catalog: Catalog, selectors: readonly string[]): string[] {
  return selectors.filter((selector) =>
    isPattern(selector) ? isEmpty(blockedBy(catalog, [selector])) : catalog.keysOf(selector).length === 0,
  );
}

/** A selector that matches nothing in the catalog, with suggestions. */
export interface SelectorWarning {
  selector: string;
  /** Keys of the catalog, the nearest first; three at most. */
  nearest: readonly string[];
  message: string;
}

const known = new WeakMap<readonly string[], { catalog: Catalog; warnings: readonly SelectorWarning[] }>();

/** Warnings for the selectors that match nothing. Cached by the list's identity, since a query may ask many times for one list. */
export function warnOfSelectors(catalog: Catalog, selectors: readonly string[]): readonly SelectorWarning[] {
  const looked = known.get(selectors);
  if (looked?.catalog === catalog) return looked.warnings;

  const warnings = findDeadSelectors(catalog, selectors).map((selector) => {
    const nearest = nearestNames(catalog, prefixOf(selector));
    const question = nearest.length === 0 ? '' : `; did you mean ${nearest.join(' or ')}?`;
    return {
      selector,
      nearest,
      message: `"${selector}" ${isPattern(selector) ? 'matches' : 'names'} no model${question}`,
    };
  });
  known.set(selectors, { catalog, warnings });
  return warnings;
}
