import type { TrackedDatabase } from '../../cache/dependencies.ts';
import { Loader } from '../reading/loader.ts';
import { createPageLoader, type Page, type PageLoader } from '../reading/page.ts';
import type { OrganizationScope } from '../reading/read-scope.ts';
import {
  type ApiKey,
  type ApiKeyKey,
  countApiKeys,
  findApiKeyOwners,
  findApiKeys,
  findVisibleApiKeys,
} from './api-key.ts';

/** Where API keys are seen, and where they are looked for. */
interface ApiKeySight {
  /** The key that the viewer shows itself. */
  ownId: string | null;
  /** The organizations whose keys it may manage. */
  organizations: OrganizationScope;
}

/** What one request reads of API keys: one query for all that it asks about. */
export interface ApiKeyLoaders {
  /** By the organization. */
  pages: PageLoader<Page<ApiKeyKey>, ApiKey>;
  counts: Loader<string, number>;
  /** By id: null for one that is not there, or that the viewer does not see. */
  byId: Loader<string, ApiKey | null>;
  /** The organization of an API key; null for one that is nowhere where the viewer may enter. */
  owners: Loader<string, string | null>;
}

export function createApiKeyLoaders(
  source: TrackedDatabase,
  sight: () => ApiKeySight,
  entered: () => OrganizationScope,
): ApiKeyLoaders {
  return {
    pages: createPageLoader((ids, page) => findApiKeys(source.untracked(), ids, page)),
    counts: new Loader((ids) => countApiKeys(source.untracked(), ids)),
    byId: new Loader((ids) => findVisibleApiKeys(source.untracked(), sight(), ids)),
    owners: new Loader((ids) => findApiKeyOwners(source.untracked(), entered(), ids)),
  };
}
