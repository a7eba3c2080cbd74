import DataLoader from 'dataloader';
import { organizationIdsOf, type Viewer } from './auth/viewer.ts';
import type { Catalog } from './catalog/catalog.ts';
import type { Database } from './database/client.ts';
import { type ApiKeyLoaders, createApiKeyLoaders } from './domain/api-key-loaders.ts';
import { findOwnKeyProviders } from './domain/key-status.ts';
import { countMembers, findMembers, type Member } from './domain/membership.ts';
import { createModelConfigLoaders, type ModelConfigLoaders } from './domain/model-config-loaders.ts';
import { createPageLoader, type Page, type PageLoader } from './domain/page.ts';
import type { Snapshot } from './domain/policy.ts';
import { createProviderKeyLoaders, type ProviderKeyLoaders } from './domain/provider-key-loaders.ts';
import { findRevisions, type Revision } from './domain/revision.ts';
import type { RevisionHub } from './domain/revision-hub.ts';
import { loadSnapshots } from './domain/snapshot.ts';
import { createUsageLoaders, type UsageLoaders } from './domain/usage-loaders.ts';
import { findKnownUsers, type User } from './domain/user.ts';
import type { Vault } from './domain/vault.ts';
import type { UserError } from './errors.ts';
import type { Limits } from './limits.ts';

/** What every resolver is handed. */
export interface Context extends Loaders {
  db: Database;
  catalog: Catalog;
  /** Seals and opens provider keys. */
  vault: Vault;
  viewer: Viewer;
  /** How it was asked over HTTP: `GET`, `POST`. */
  method: string;
  /** Where it is answered to: the signal is aborted when the client is gone, and `hangUp` sends it away. */
  connection: { signal: AbortSignal; hangUp: () => void };
  /** The moment of the request: one for all its decisions, so that they agree. */
  now: Date;
  /** The providers that the operator has keys at, for every organization. */
  platformProviders: ReadonlySet<string>;
  /** What a client may ask for at most. */
  limits: Limits;
  /** Where revisions are followed. */
  revisionHub: RevisionHub;
  /** Is told of every refusal that is a mutation's result, for the log. */
  onRefusal: (error: UserError) => void;
  /** Lets the loaders forget what they read: something has changed. */
  forget: () => void;
}

/** What one request reads again and again: each kind in one statement for all that it asks about. */
interface Loaders {
  /** The policy snapshots of organizations: one query for all that a request asks about. */
  snapshots: DataLoader<string, Snapshot>;
  /** The users that the viewer may know, null for others: one query for all that a request asks about. */
  knownUsers: DataLoader<string, User | null>;
  members: PageLoader<Page<string>, Member>;
  memberCounts: DataLoader<string, number>;
  revisions: PageLoader<Page<number>, Revision>;
  configs: ModelConfigLoaders;
  usage: UsageLoaders;
  providerKeys: ProviderKeyLoaders;
  apiKeys: ApiKeyLoaders;
  /** The providers that an organization has active keys of its own at. */
  ownKeyProviders: DataLoader<string, ReadonlySet<string>>;
}

/** A context for one request; its loaders remember what they read, so it must not be kept. */
export function createContext(given: Omit<Context, keyof Loaders | 'forget'>): Context {
  const { db, viewer } = given;
  const organizationIds = organizationIdsOf(viewer);
  const snapshots = new DataLoader((ids: readonly string[]) => loadSnapshots(db, ids));
  const ownKeyProviders = new DataLoader((ids: readonly string[]) => findOwnKeyProviders(db, ids));
  const view = {
    ...given,
    viewerId: viewer.userId,
    snapshots: (ids: readonly string[]) => Promise.all(ids.map((id) => snapshots.load(id))),
    ownKeyProviders: (ids: readonly string[]) => Promise.all(ids.map((id) => ownKeyProviders.load(id))),
  };
  const loaders: Loaders = {
    snapshots,
    ownKeyProviders,
    configs: createModelConfigLoaders(db, view),
    usage: createUsageLoaders(db, { catalog: given.catalog, userId: viewer.userId }),
    providerKeys: createProviderKeyLoaders(db),
    apiKeys: createApiKeyLoaders(db),
    knownUsers: new DataLoader((ids) => findKnownUsers(db, { userId: viewer.userId, organizationIds }, ids)),
    members: createPageLoader((ids, page) => findMembers(db, ids, page)),
    memberCounts: new DataLoader((ids) => countMembers(db, ids)),
    revisions: createPageLoader((ids, page) => findRevisions(db, ids, page)),
  };
  return { ...given, ...loaders, forget: () => forgetAll(loaders) };
}

function forgetAll(loaders: object): void {
  for (const loader of Object.values(loaders)) {
    if (loader instanceof DataLoader) loader.clearAll();
    else forgetAll(loader);
  }
}
