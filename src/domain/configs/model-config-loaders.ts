import type { TrackedDatabase } from '../../cache/dependencies.ts';
import { GroupLoader, Loader } from '../reading/loader.ts';
import { createPageLoader, type PageLoader } from '../reading/page.ts';
import type { ReadScope } from '../reading/read-scope.ts';
import { type DefaultConfigs, findDefaultConfigs } from './effective-default.ts';
import { findConfiguredModels, type ModelConfig } from './model-config.ts';
import {
  countModelConfigs,
  findModelConfigPages,
  type ModelConfigFilter,
  type ModelConfigPage,
  type ModelConfigView,
  sumSettingsBytes,
} from './model-config-list.ts';
import { type ConfigKey, findModelConfigs, type ListedModelConfig } from './model-config-rows.ts';
import { findUsableConfigs, type UsableConfigKey } from './usable-config.ts';

/**
 * Loaders of configurations for one request: the loads of each kind are batched into one statement. Configurations change
 * only with a revision, so the organization's cache tag covers them.
 */
export interface ModelConfigLoaders {
  /** By id: null for one that does not exist, or is not visible to the viewer. */
  byId: Loader<ConfigKey, ModelConfig | null, string>;
  /** The same for many. */
  byIds: GroupLoader<ConfigKey, ModelConfig | null>;
  pages: PageLoader<ModelConfigPage, ListedModelConfig>;
  /** The count of an organization, as a list of one. */
  counts: PageLoader<ModelConfigFilter, number>;
  /** The bytes of all settings that a list of an organization shows. Does not authorize. */
  settingsBytes: Loader<string, number>;
  /** By the organization's id. */
  defaults: Loader<ConfigKey, DefaultConfigs, string>;
  /** The enabled configuration to use of a model. Does not authorize. */
  usable: Loader<UsableConfigKey, ModelConfig | null, string>;
  /** Which models an organization, or the viewer there, has configured. */
  configured: Loader<string, Pick<ModelConfig, 'id' | 'provider' | 'modelId'>[]>;
}

const cacheKeyFn = ({ id, hasSettings }: ConfigKey) => `${hasSettings} ${id}`;

export function createModelConfigLoaders(
  source: TrackedDatabase,
  view: ModelConfigView,
  readScope: () => ReadScope,
): ModelConfigLoaders {
  // Uncacheable: a tag is taken before the read, but the organization is known only after it.
  const findByIds = (keys: readonly ConfigKey[]) => findModelConfigs(source.untracked(), readScope(), keys);
  return {
    byId: new Loader(findByIds, { cacheKeyFn }),
    byIds: new GroupLoader(findByIds),
    pages: createPageLoader((ids, page) => findModelConfigPages(source.of(ids), view, ids, page)),
    counts: createPageLoader(async (ids, filter) =>
      (await countModelConfigs(source.of(ids), view, ids, filter)).map((count) => [count]),
    ),
    settingsBytes: new Loader((ids) =>
      Promise.all(ids.map((id) => sumSettingsBytes(source.of([id]), view.viewerId, id))),
    ),
    defaults: new Loader((keys) => findDefaultConfigs(source.of(keys.map(({ id }) => id)), view.viewerId, keys), {
      cacheKeyFn,
    }),
    usable: new Loader(
      (keys) => findUsableConfigs(source.of(keys.map(({ organizationId }) => organizationId)), view.viewerId, keys),
      { cacheKeyFn: (key) => JSON.stringify(key) },
    ),
    configured: new Loader((ids) =>
      Promise.all(ids.map((id) => findConfiguredModels(source.of([id]), view.viewerId, id))),
    ),
  };
}
