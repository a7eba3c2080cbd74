import { canBeDefault, type ModelAccess } from './policy.ts';

type Access = Pick<ModelAccess, 'model' | 'allowed'>;

/** A candidate of a chain of defaults: the decision on its model, and the configuration that names it, where one does. */
export interface DefaultCandidate {
  access: Access;
  config: { isEnabled: boolean } | null;
}

/** The index of the default: the first candidate that is allowed, enabled and a chat model; -1 where none is. */
export function indexOfDefault(chain: readonly DefaultCandidate[]): number {
  return chain.findIndex(({ access, config }) => isUsable(access) && config?.isEnabled !== false);
}

/** Of the decisions on the models of an alias, in order, the one that counts for a default: the first usable, else the first. */
export function preferredDefault<Found extends Access>(found: readonly Found[]): Found | undefined {
  return found.find(isUsable) ?? found[0];
}

function isUsable({ allowed, model }: Access): boolean {
  return allowed && model !== undefined && canBeDefault(model);
}
