import type { Catalog } from '../catalog/catalog.ts';
import type { Model } from '../catalog/model.ts';
import { foldName } from '../catalog/model-name.ts';
import { entryOf, type Policy } from './policy-value.ts';

/** What an alias looks like: it is written in lower case, and found in any. */
export const aliasPattern = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** The models that an alias may stand for at most. */
export const maxTargets = 10;

/** The names of the models that an alias stands for, in order of preference; undefined where this is no alias. */
export function targetsOf({ aliases }: Pick<Policy, 'aliases'>, name: string): readonly string[] | undefined {
  return entryOf(aliases, foldName(name));
}

/** The models that a name means: those of an alias in order, else the one that the catalog finds; undefined for each that is unknown. */
export function modelsOf(policy: Pick<Policy, 'aliases'>, catalog: Catalog, name: string): (Model | undefined)[] {
  return (targetsOf(policy, name) ?? [name]).map((target) => catalog.find(target));
}
