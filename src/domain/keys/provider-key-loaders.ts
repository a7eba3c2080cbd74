import type { TrackedDatabase } from '../../cache/dependencies.ts';
import { Loader } from '../reading/loader.ts';
import { createPageLoader, type Page, type PageLoader } from '../reading/page.ts';
import type { OrganizationScope } from '../reading/read-scope.ts';
import { findKeyOwners } from './key-owners.ts';
import {
  countProviderKeys,
  countProviderKeyUses,
  findProviderKeys,
  findVisibleProviderKeys,
  type ProviderKey,
  type ProviderKeyKey,
  type ProviderKeyReadScope,
} from './provider-key.ts';

/**
 * Loaders of provider keys for one request: the loads of each kind are batched into one statement. Uncacheable, since the use
 * of a key changes `lastUsedAt` without a revision.
 */
export interface ProviderKeyLoaders {
  /** By the organization. */
  pages: PageLoader<Page<ProviderKeyKey>, ProviderKey>;
  counts: Loader<string, number>;
  /** By id: null for one that does not exist, or is not visible to the viewer. */
  byId: Loader<string, ProviderKey | null>;
  /** The organization of a provider key; null where the viewer has no access to it. */
  owners: Loader<string, string | null>;
  /** How often a provider key was used. */
  usageCounts: Loader<string, bigint>;
}

export function createProviderKeyLoaders(
  source: TrackedDatabase,
  readScope: () => ProviderKeyReadScope,
  accessible: () => OrganizationScope,
): ProviderKeyLoaders {
  return {
    pages: createPageLoader((ids, page) => findProviderKeys(source.untracked(), ids, page)),
    counts: new Loader((ids) => countProviderKeys(source.untracked(), ids)),
    byId: new Loader((ids) => findVisibleProviderKeys(source.untracked(), readScope(), ids)),
    owners: new Loader((ids) => findKeyOwners(source.untracked(), 'ProviderKey', accessible(), ids)),
    usageCounts: new Loader((ids) => countProviderKeyUses(source.untracked(), ids)),
  };
}
