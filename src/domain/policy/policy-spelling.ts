import type { Catalog } from '../../catalog/catalog.ts';
import { foldName } from '../../catalog/model-name.ts';
import { ValidationError } from '../../errors/base.ts';
import { UnknownModelError } from '../../errors/models.ts';
import { spellSelectors } from '../../policy/model-selector.ts';
import { entryOf, type Lists, noLists, type Policy } from '../../policy/policy-value.ts';
import { exactName, modelsNamed } from '../../policy/review.ts';
import { refuseUnknownProviders } from '../input/providers.ts';

// What the present policy has already is neither checked nor spelled anew: so a document that was written of it changes nothing,
// whatever the catalog has lost since.

/**
 * Lists with names of models as the catalog spells them.
 * @throws InvalidProviderSlugError
 */
export function spellLists(catalog: Catalog, lists: Lists, present: Lists = noLists): Lists {
  const { disabledProviders, disabledModels, allowedModels } = lists;
  const known = new Set(present.disabledProviders);
  refuseUnknownProviders(disabledProviders.filter((slug) => !known.has(slug)));
  return {
    disabledProviders,
    disabledModels: spellModels(catalog, disabledModels, present.disabledModels),
    allowedModels: allowedModels && spellModels(catalog, allowedModels, present.allowedModels ?? []),
  };
}

function spellModels(catalog: Catalog, names: readonly string[], present: readonly string[]): string[] {
  return spellNew(names, present, (name) => spellSelectors(catalog, [name]));
}

/** Names of models that a review has allowed, by `provider/key`: a model that another provider offers later is not approved with them. */
export function spellApproved(catalog: Catalog, names: readonly string[], present: readonly string[]): string[] {
  return spellNew(names, present, (name) => {
    const exact = modelsNamed(catalog, name).map(exactName);
    return exact.length === 0 ? [name] : exact;
  });
}

function spellNew(names: readonly string[], present: readonly string[], spell: (name: string) => string[]): string[] {
  const known = new Set(present);
  return [...new Set(names.flatMap((name) => (known.has(name) ? [name] : spell(name))))];
}

/**
 * Aliases with their targets as the catalog spells them.
 * @throws ValidationError for a name that the catalog has, and for an alias of an alias; UnknownModelError
 */
export function spellAliases(
  catalog: Catalog,
  aliases: Policy['aliases'],
  present: Policy['aliases'],
): Policy['aliases'] {
  const spelled = Object.entries(aliases).map(([name, targets]) => {
    const former = entryOf(present, name);
    if (!former) refuseKeyAsAlias(catalog, name, `aliases.${name}`);
    return [name, spellTargets(catalog, targets, { aliases, former, path: `aliases.${name}` })] as const;
  });
  return Object.fromEntries(spelled);
}

/**
 * The targets of one alias, as the catalog spells them; each once.
 * @throws ValidationError for the name of one of the aliases; UnknownModelError
 */
export function spellTargets(
  catalog: Catalog,
  targets: readonly string[],
  { aliases, former = [], path }: { aliases: Policy['aliases']; former?: readonly string[] | undefined; path: string },
): string[] {
  const known = new Set(former);
  const spelled = targets.map((target) => {
    if (known.has(target)) return target;
    const [key] = catalog.keysOf(target);
    if (key !== undefined) return key;
    if (!Object.hasOwn(aliases, foldName(target))) throw new UnknownModelError(target);
    throw new ValidationError([{ path, message: `must name models: "${target}" is an alias` }]);
  });
  return [...new Set(spelled)];
}

/** @throws ValidationError */
export function refuseKeyAsAlias(catalog: Catalog, name: string, path: string): void {
  if (catalog.keysOf(name).length === 0) return;
  throw new ValidationError([{ path, message: `must not be the name of a model, as "${name}" is` }]);
}
