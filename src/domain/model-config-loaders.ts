import DataLoader from 'dataloader';
import type { Database } from '../database/client.ts';
import { type DefaultConfigs, findDefaultConfigs } from './effective-default.ts';
import { findModelConfigs, type ModelConfig } from './model-config.ts';
import {
  countModelConfigs,
  findModelConfigPages,
  type ListedModelConfig,
  type ModelConfigFilter,
  type ModelConfigPage,
  type ModelConfigView,
} from './model-config-list.ts';
import { createPageLoader, type PageLoader } from './page.ts';

/** What one request reads of configurations, each kind in one statement for all that it asks about. */
export interface ModelConfigLoaders {
  /** By id, seen or not: null for one that is not there. */
  byId: DataLoader<string, ModelConfig | null>;
  pages: PageLoader<ModelConfigPage, ListedModelConfig>;
  /** One count for each page that is wanted of an owner, as a list of one. */
  counts: PageLoader<ModelConfigFilter, number>;
  defaults: DataLoader<string, DefaultConfigs>;
}

export function createModelConfigLoaders(db: Database, view: ModelConfigView): ModelConfigLoaders {
  return {
    byId: new DataLoader((ids) => findModelConfigs(db, ids)),
    pages: createPageLoader((ids, page) => findModelConfigPages(db, view, ids, page)),
    counts: createPageLoader(async (ids, filter) =>
      (await countModelConfigs(db, view, ids, filter)).map((count) => [count]),
    ),
    defaults: new DataLoader((ids) => findDefaultConfigs(db, view.viewerId, ids)),
  };
}
