import { asOf } from '../as-of.ts';
import type { CatalogModel } from '../entry.ts';
import { idOf } from '../model.ts';

/** A model of the committed catalog, and when it was added to it. */
export type AddedModel = Pick<CatalogModel, 'provider' | 'modelId' | 'addedAt'>;

/** When each model was added, by its id: as the committed catalog says, or as of the day of the data for one that it lacks. */
export function addedAtOf(committed: readonly AddedModel[]): (id: string) => string {
  const added = new Map(committed.map((model) => [idOf(model), model.addedAt]));
  return (id) => added.get(id) ?? asOf;
}

/**
 * New models that were added no later than some of the committed catalog, by id: the day of the data has to move on. Who has
 * reviewed all models of that catalog would else count as having reviewed these.
 */
export function addedTooEarly(committed: readonly AddedModel[], built: readonly AddedModel[]): string[] {
  const known = new Set(committed.map(idOf));
  const newest = committed.reduce((latest, { addedAt }) => (addedAt > latest ? addedAt : latest), '');
  return built.filter((model) => !known.has(idOf(model)) && model.addedAt <= newest).map(idOf);
}
