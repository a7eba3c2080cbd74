import DataLoader from 'dataloader';
import type { Database } from '../database/client.ts';
import { createPageLoader, type Page, type PageLoader } from './page.ts';
import {
  countProviderKeys,
  countProviderKeyUses,
  findProviderKeyOwners,
  findProviderKeys,
  type ProviderKey,
  type ProviderKeyKey,
} from './provider-key.ts';

/** What one request reads of provider keys: one query for all that it asks about. */
export interface ProviderKeyLoaders {
  /** By the organization. */
  pages: PageLoader<Page<ProviderKeyKey>, ProviderKey>;
  counts: DataLoader<string, number>;
  /** The organization of a provider key. */
  owners: DataLoader<string, string | null>;
  /** How often a provider key was used. */
  usageCounts: DataLoader<string, bigint>;
}

export function createProviderKeyLoaders(db: Database): ProviderKeyLoaders {
  return {
    pages: createPageLoader((ids, page) => findProviderKeys(db, ids, page)),
    counts: new DataLoader((ids) => countProviderKeys(db, ids)),
    owners: new DataLoader((ids) => findProviderKeyOwners(db, ids)),
    usageCounts: new DataLoader((ids) => countProviderKeyUses(db, ids)),
  };
}
