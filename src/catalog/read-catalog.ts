import { type Catalog, indexCatalog } from './catalog.ts';
import { parseEntries } from './faults.ts';
import shippedModels from './models.json' with { type: 'json' };
import shipped from './version.json' with { type: 'json' };

/** A catalog of these entries. @throws CatalogError, which names every fault */
export function createCatalog(entries: unknown, version = 1): Catalog {
  return indexCatalog(parseEntries(entries), version);
}

let catalog: Catalog | undefined;

/** The catalog of the service. Read and validated at the first call, and cached. */
export function readCatalog(): Catalog {
  catalog ??= createCatalog(shippedModels, shipped.version);
  return catalog;
}
