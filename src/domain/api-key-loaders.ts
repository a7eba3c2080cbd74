import { type ApiKey, type ApiKeyKey, countApiKeys, findApiKeyOwners, findApiKeys } from './api-key.ts';
import { Loader } from './loader.ts';
import { createPageLoader, type Page, type PageLoader } from './page.ts';
import type { Source } from './reads.ts';

/** What one request reads of API keys: one query for all that it asks about. */
export interface ApiKeyLoaders {
  /** By the organization. */
  pages: PageLoader<Page<ApiKeyKey>, ApiKey>;
  counts: Loader<string, number>;
  /** The organization of an API key. */
  owners: Loader<string, string | null>;
}

export function createApiKeyLoaders(source: Source): ApiKeyLoaders {
  return {
    pages: createPageLoader((ids, page) => findApiKeys(source.direct(), ids, page)),
    counts: new Loader((ids) => countApiKeys(source.direct(), ids)),
    owners: new Loader((ids) => findApiKeyOwners(source.direct(), ids)),
  };
}
