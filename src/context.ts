import { actorOf, organizationIdsOf, type Viewer } from './auth/viewer.ts';
import type { Catalog } from './catalog/catalog.ts';
import type { Database } from './database/client.ts';
import { type ApiKeyLoaders, createApiKeyLoaders } from './domain/api-key-loaders.ts';
import { findOwnKeyProviders } from './domain/key-status.ts';
import type { Actor } from './domain/ledger.ts';
import { Loader, RememberingLoader } from './domain/loader.ts';
import { countMembers, findMembers, type Member } from './domain/membership.ts';
import { type Memory, noMemory } from './domain/memory.ts';
import { createModelConfigLoaders, type ModelConfigLoaders } from './domain/model-config-loaders.ts';
import { createPageLoader, type Page, type PageLoader } from './domain/page.ts';
import type { Snapshot } from './domain/policy.ts';
import { createProviderKeyLoaders, type ProviderKeyLoaders } from './domain/provider-key-loaders.ts';
import { Reads, Source } from './domain/reads.ts';
import { findRevisions, type Revision } from './domain/revision.ts';
import type { RevisionHub } from './domain/revision-hub.ts';
import { loadSnapshots } from './domain/snapshot.ts';
import { createUsageLoaders, type UsageLoaders } from './domain/usage-loaders.ts';
import { findKnownUsers, type User } from './domain/user.ts';
import type { Vault } from './domain/vault.ts';
import type { UserError } from './errors.ts';
import type { Limits } from './limits.ts';

/** What of a request, and of the process, every resolver is handed as it is. */
interface Circumstances {
  catalog: Catalog;
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
}

/** What a context stands on. */
export interface Foundation extends Circumstances {
  db: Database;
  vault: Vault;
  /** What all requests of the process remember. */
  memory: Memory;
}

/** What every resolver is handed. */
export interface Context extends Circumstances, Loaders {
  /** What was read, and whether marks cover it. */
  reads: Reads;
  /** For all that no loader reads: the answer is never remembered. */
  database: () => Database;
  /** Seals and opens provider keys: the answer is never remembered. */
  vault: () => Vault;
  /** The viewer as the ledger names it. What it changes is forgotten. */
  actor: () => Actor;
  /** This organization, user or API key is about to be changed. */
  note: (id: string) => void;
  /** Something may have changed: lets the loaders forget what they read, and the process what was noted. */
  forget: () => void;
  /** The same at another moment: nothing that was read is known. */
  at: (now: Date) => Context;
  /** The same within a transaction: what is read and noted there, nobody else shall see before it is over. */
  within: (tx: Database) => Context;
}

/** What one request reads again and again: each kind in one statement for all that it asks about. */
interface Loaders {
  /** The policy snapshots of organizations: one query for all that a request asks about. */
  snapshots: RememberingLoader<Snapshot>;
  /** The users that the viewer may know, null for others: one query for all that a request asks about. */
  knownUsers: Loader<string, User | null>;
  members: PageLoader<Page<string>, Member>;
  memberCounts: Loader<string, number>;
  revisions: PageLoader<Page<number>, Revision>;
  configs: ModelConfigLoaders;
  usage: UsageLoaders;
  providerKeys: ProviderKeyLoaders;
  apiKeys: ApiKeyLoaders;
  /** The providers that an organization has active keys of its own at. */
  ownKeyProviders: RememberingLoader<ReadonlySet<string>>;
}

/**
 * A context for one request; its loaders keep what they read, so it must not be kept. Each member is named: to spread so many
 * into one object takes longer than most answers.
 */
export function createContext(foundation: Foundation, changed = new Set<string>()): Context {
  const { viewer, memory } = foundation;
  const reads = new Reads();
  reads.note(viewer.mark);
  const source = new Source(foundation.db, memory.freshness, reads);
  const loaders = createLoaders(source, foundation);
  const note = (id: string) => void changed.add(id);
  return {
    catalog: foundation.catalog,
    viewer,
    method: foundation.method,
    connection: foundation.connection,
    now: foundation.now,
    platformProviders: foundation.platformProviders,
    limits: foundation.limits,
    revisionHub: foundation.revisionHub,
    onRefusal: foundation.onRefusal,
    snapshots: loaders.snapshots,
    knownUsers: loaders.knownUsers,
    members: loaders.members,
    memberCounts: loaders.memberCounts,
    revisions: loaders.revisions,
    configs: loaders.configs,
    usage: loaders.usage,
    providerKeys: loaders.providerKeys,
    apiKeys: loaders.apiKeys,
    ownKeyProviders: loaders.ownKeyProviders,
    reads,
    database: () => source.direct(),
    vault: () => {
      reads.spoil();
      return foundation.vault;
    },
    actor: () =>
      actorOf(viewer, (organizationId, subjectId) => {
        note(organizationId);
        if (subjectId !== null) note(subjectId);
      }),
    note,
    forget: () => {
      forgetAll(loaders);
      for (const id of changed) memory.freshness.end(id);
    },
    at: (now) => createContext({ ...foundation, now }),
    within: (tx) => createContext({ ...foundation, db: tx, memory: noMemory }, changed),
  };
}

function createLoaders(source: Source, { catalog, viewer, now, platformProviders, memory }: Foundation): Loaders {
  const { userId } = viewer;
  const snapshots = new RememberingLoader(source, memory.snapshots, loadSnapshots);
  const ownKeyProviders = new RememberingLoader(source, memory.ownKeyProviders, findOwnKeyProviders);
  const view = {
    viewerId: userId,
    catalog,
    now,
    platformProviders,
    snapshots: (ids: readonly string[]) => Promise.all(ids.map((id) => snapshots.load(id))),
    ownKeyProviders: (ids: readonly string[]) => Promise.all(ids.map((id) => ownKeyProviders.load(id))),
  };
  return {
    snapshots,
    ownKeyProviders,
    configs: createModelConfigLoaders(source, view),
    usage: createUsageLoaders(source, { catalog, userId }),
    providerKeys: createProviderKeyLoaders(source),
    apiKeys: createApiKeyLoaders(source),
    knownUsers: new Loader(async (ids) => {
      const users = await findKnownUsers(source.of(ids), { userId, organizationIds: organizationIdsOf(viewer) }, ids);
      // Who is known stays so while neither changes; who is not may become known by anything.
      if (users.includes(null)) source.direct();
      return users;
    }),
    members: createPageLoader((ids, page) => findMembers(source.of(ids), ids, page)),
    memberCounts: new Loader((ids) => countMembers(source.of(ids), ids)),
    revisions: createPageLoader((ids, page) => findRevisions(source.of(ids), ids, page)),
  };
}

function forgetAll(loaders: object): void {
  for (const loader of Object.values(loaders)) {
    if (loader instanceof Loader || loader instanceof RememberingLoader) loader.clearAll();
    else forgetAll(loader);
  }
}
