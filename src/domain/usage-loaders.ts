import DataLoader from 'dataloader';
import type { Catalog } from '../catalog/catalog.ts';
import type { Model } from '../catalog/model.ts';
import type { Database } from '../database/client.ts';
import { createPageLoader, type PageLoader } from './page.ts';
import { findModelUsage, type ModelUsage } from './usage.ts';
import { findModelsInUse } from './usage-models.ts';
import type { Period } from './usage-period.ts';

/** Usage by organization: one statement for all that a request asks about. */
export interface UsageLoaders {
  byModel: PageLoader<Period, ModelUsage>;
  modelsInUse: DataLoader<string, Model[]>;
}

/** Loaders for one request of this user; null is a service. */
export function createUsageLoaders(db: Database, who: { catalog: Catalog; userId: string | null }): UsageLoaders {
  return {
    byModel: createPageLoader((ids, period) => findModelUsage(db, ids, period)),
    modelsInUse: new DataLoader((ids) => findModelsInUse(db, who, ids)),
  };
}
