import { canBeDefault, type ModelAccess } from './policy.ts';

/** A candidate of a chain of defaults: the decision on its model, and the configuration that names it, where one does. */
export interface DefaultCandidate {
  access: Pick<ModelAccess, 'model' | 'allowed'>;
  config: { isEnabled: boolean } | null;
}

/** The index of the default: the first candidate that is allowed, enabled and a chat model; -1 where none is. */
export function indexOfDefault(chain: readonly DefaultCandidate[]): number {
  return chain.findIndex(
    ({ access, config }) => access.allowed && access.model && canBeDefault(access.model) && config?.isEnabled !== false,
  );
}
