import type { TrackedDatabase } from '../../cache/dependencies.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Model } from '../../catalog/model.ts';
import { Loader } from '../reading/loader.ts';
import { createPageLoader, type PageLoader } from '../reading/page.ts';
import { findModelUsage, type ModelUsage, type ModelUsagePage } from './usage.ts';
import { findModelsInUse } from './usage-models.ts';

/** Usage by organization: the loads of one request are batched into one statement. */
export interface UsageLoaders {
  byModel: PageLoader<ModelUsagePage, ModelUsage>;
  modelsInUse: Loader<string, Model[]>;
}

/** Loaders of one request; `userId` is null for a service. */
export function createUsageLoaders(
  source: TrackedDatabase,
  who: { catalog: Catalog; userId: string | null },
): UsageLoaders {
  return {
    byModel: createPageLoader((ids, page) => findModelUsage(source.untracked(), ids, page)),
    modelsInUse: new Loader((ids) => findModelsInUse(source.untracked(), who, ids)),
  };
}
