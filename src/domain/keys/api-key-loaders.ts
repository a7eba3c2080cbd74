import type { TrackedDatabase } from '../../cache/dependencies.ts';
import { Loader } from '../reading/loader.ts';
import { createPageLoader, type Page, type PageLoader } from '../reading/page.ts';
import type { OrganizationScope } from '../reading/read-scope.ts';
import { type ApiKey, type ApiKeyKey, countApiKeys, findApiKeys, findVisibleApiKeys } from './api-key.ts';
import { findKeyOwners } from './key-owners.ts';

/** The visibility of API keys. */
interface ApiKeyReadScope {
  /** The key that the viewer is authenticated by. */
  ownId: string | null;
  /** The organizations whose keys the viewer may manage. */
  organizations: OrganizationScope;
}

/** Loaders of API keys for one request: the loads of each kind are batched into one statement. */
export interface ApiKeyLoaders {
  /** By the organization. */
  pages: PageLoader<Page<ApiKeyKey>, ApiKey>;
  counts: Loader<string, number>;
  /** By id: null for one that does not exist, or is not visible to the viewer. */
  byId: Loader<string, ApiKey | null>;
  /** The organization of an API key; null where the viewer has no access to it. */
  owners: Loader<string, string | null>;
}

export function createApiKeyLoaders(
  source: TrackedDatabase,
  readScope: () => ApiKeyReadScope,
  accessible: () => OrganizationScope,
): ApiKeyLoaders {
  return {
    pages: createPageLoader((ids, page) => findApiKeys(source.untracked(), ids, page)),
    counts: new Loader((ids) => countApiKeys(source.untracked(), ids)),
    byId: new Loader((ids) => findVisibleApiKeys(source.untracked(), readScope(), ids)),
    owners: new Loader((ids) => findKeyOwners(source.untracked(), 'ApiKey', accessible(), ids)),
  };
}
