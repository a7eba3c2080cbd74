import type { Catalog } from '../catalog/catalog.ts';
import { addModel, type ModelSet, noModels } from './model-set.ts';

/** The models that have retired at a moment, and the next moment at which another one does; null if none will. */
interface Retired {
  models: ModelSet;
  until: Date | null;
}

interface Period extends Retired {
  from: Date;
}

const periods = new WeakMap<Catalog, Period>();

/** Which models have retired. Cached until the next one does. */
export function retiredAt(catalog: Catalog, now: Date): Retired {
  const known = periods.get(catalog);
  if (known && known.from <= now && (known.until === null || now < known.until)) return known;

  const models = noModels(catalog.models.length);
  let until: Date | null = null;
  for (const { retirement, position } of catalog.models) {
    if (retirement === null) continue;
    if (retirement <= now) addModel(models, position);
    else if (until === null || retirement < until) until = retirement;
  }
  const found = { models, until, from: now };
  periods.set(catalog, found);
  return found;
}
