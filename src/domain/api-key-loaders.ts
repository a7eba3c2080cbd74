import DataLoader from 'dataloader';
import type { Database } from '../database/client.ts';
import { type ApiKey, type ApiKeyKey, countApiKeys, findApiKeyOwners, findApiKeys } from './api-key.ts';
import { createPageLoader, type Page, type PageLoader } from './page.ts';

/** What one request reads of API keys: one query for all that it asks about. */
export interface ApiKeyLoaders {
  /** By the organization. */
  pages: PageLoader<Page<ApiKeyKey>, ApiKey>;
  counts: DataLoader<string, number>;
  /** The organization of an API key. */
  owners: DataLoader<string, string | null>;
}

export function createApiKeyLoaders(db: Database): ApiKeyLoaders {
  return {
    pages: createPageLoader((ids, page) => findApiKeys(db, ids, page)),
    counts: new DataLoader((ids) => countApiKeys(db, ids)),
    owners: new DataLoader((ids) => findApiKeyOwners(db, ids)),
  };
}
