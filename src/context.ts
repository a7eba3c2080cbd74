import { actorOf, type Viewer } from './auth/viewer.ts';
import { Dependencies, TrackedDatabase } from './cache/dependencies.ts';
import { TaggedCache } from './cache/tagged-cache.ts';
import { noTags, type Tags } from './cache/tags.ts';
import type { Catalog } from './catalog/catalog.ts';
import { type Database, withSignal } from './database/pool/client.ts';
import { AbortableSignal } from './database/pool/signal.ts';
import type { RevisionHub } from './domain/feed/revision-hub.ts';
import type { Actor } from './domain/ledger/ledger-entry.ts';
import type { OrganizationState } from './domain/ledger/snapshot.ts';
import type { Vault } from './domain/vault/vault.ts';
import type { UserError } from './errors/base.ts';
import type { Limits } from './limits.ts';
import { Loaders } from './loaders.ts';

/** What of the process every resolver is handed as it is. */
interface ServerContext {
  catalog: Catalog;
  /** The providers that the operator has keys at, for every organization. */
  platformProviders: ReadonlySet<string>;
  /** What a client may ask for at most. */
  limits: Limits;
  /** Where revisions are followed. */
  revisionHub: RevisionHub;
}

/** What all contexts of a process share. */
export interface Services extends ServerContext {
  db: Database;
  vault: Vault;
  /** Say for how long what was read is valid. */
  tags: Tags;
  /** The states of organizations that the process has read. */
  states: TaggedCache<OrganizationState>;
}

/** What of its request every resolver is handed as it is. */
export interface RequestInfo {
  viewer: Viewer;
  /** How it was asked over HTTP: `GET`, `POST`. */
  method: string;
  /** Where it is answered to: the signal is aborted when the client is gone, and `hangUp` sends it away. */
  connection: {
    readonly signal: AbortSignal;
    hangUp: () => void;
    /** The id of the last event that the client was told on a connection before this one. */
    readonly lastEventId: string | null;
  };
  /** The moment of the request: one for all its decisions, so that they agree. */
  now: Date;
  /** Called when a mutation returns a typed error, for the log. */
  onTypedError: (error: UserError) => void;
}

/** What every resolver is handed. */
export type Context = ServerContext &
  RequestInfo &
  Omit<Loaders, 'forgetLoaders'> & {
    /** Aborted when it is given up, and with it whatever the database was sent for it. */
    signal: AbortableSignal;
    /** What was read, and whether tags cover it. */
    dependencies: Dependencies;
    /** For all that no loader reads: the answer is never cached. */
    database: () => Database;
    /** Seals and opens provider keys: the answer is never cached. */
    vault: () => Vault;
    /** The viewer as the ledger names it. What it changes is forgotten. */
    actor: () => Actor;
    /** This organization, user or API key is about to be changed. */
    markChanged: (id: string) => void;
    /** Something may have changed: clears the loaders, and invalidates the tags of what was marked as changed. */
    invalidate: () => void;
    /**
     * Resolves once no process answers with what was before the changes that were marked; nobody else is waited for where there were
     * none. A replay tells of a change that another process may have made. To be awaited before a change is acknowledged.
     */
    awaitPeers: (isReplay?: boolean) => Promise<void>;
    /** The same at another moment: nothing that was read is known. */
    at: (now: Date) => Context;
    /** The same within a transaction: what is read and changed there, nobody else shall see before it is over. */
    within: (tx: Database) => Context;
  };

/** A context for one request; it must not be kept. */
export function createContext(services: Services, requestInfo: RequestInfo): Context {
  return new RequestContext(services, requestInfo, new Set(), new AbortableSignal());
}

/** All that a resolver may ask for is there when it is asked for, and not before. */
class RequestContext extends Loaders implements Context {
  readonly catalog: Catalog;
  readonly platformProviders: ReadonlySet<string>;
  readonly limits: Limits;
  readonly revisionHub: RevisionHub;
  readonly viewer: Viewer;
  readonly method: string;
  readonly connection: RequestInfo['connection'];
  readonly now: Date;
  readonly onTypedError: RequestInfo['onTypedError'];
  readonly signal: AbortableSignal;
  readonly dependencies: Dependencies;
  readonly #services: Services;
  readonly #requestInfo: RequestInfo;
  readonly #source: TrackedDatabase;
  /** What was marked as changed, also by a context around this one. */
  readonly #changed: Set<string>;

  constructor(services: Services, requestInfo: RequestInfo, changed: Set<string>, signal: AbortableSignal) {
    const dependencies = new Dependencies();
    dependencies.track(requestInfo.viewer.tag);
    const source = new TrackedDatabase(withSignal(services.db, signal), services.tags, dependencies);
    super(source, services, requestInfo);
    this.catalog = services.catalog;
    this.platformProviders = services.platformProviders;
    this.limits = services.limits;
    this.revisionHub = services.revisionHub;
    this.viewer = requestInfo.viewer;
    this.method = requestInfo.method;
    this.connection = requestInfo.connection;
    this.now = requestInfo.now;
    this.onTypedError = requestInfo.onTypedError;
    this.signal = signal;
    this.dependencies = dependencies;
    this.#services = services;
    this.#requestInfo = requestInfo;
    this.#source = source;
    this.#changed = changed;
  }

  get database() {
    return () => this.#source.untracked();
  }

  get vault() {
    return () => {
      this.dependencies.markUncacheable();
      return this.#services.vault;
    };
  }

  get actor() {
    return () =>
      actorOf(this.viewer, (organizationId, subjectId) => {
        this.markChanged(organizationId);
        if (subjectId !== null) this.markChanged(subjectId);
      });
  }

  get markChanged() {
    return (id: string) => void this.#changed.add(id);
  }

  get invalidate() {
    return () => {
      this.clearLoaders();
      for (const id of this.#changed) this.#services.tags.invalidate(id);
    };
  }

  get awaitPeers() {
    return async (isReplay = false) => {
      if (isReplay || this.#changed.size > 0) await this.#services.tags.awaitPeers(this.signal);
    };
  }

  get at() {
    return (now: Date) =>
      new RequestContext(this.#services, { ...this.#requestInfo, now }, new Set(), new AbortableSignal());
  }

  get within() {
    return (tx: Database) => {
      const services = { ...this.#services, db: tx, tags: noTags, states: new TaggedCache<OrganizationState>() };
      return new RequestContext(services, this.#requestInfo, this.#changed, this.signal);
    };
  }
}

/** The names of what a context has that is made when it is asked for. */
const onDemand = [Loaders, RequestContext].flatMap(({ prototype }) =>
  Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { get }]) => (get ? [name] : [])),
) as (keyof Context)[];

/** All that a context has as members of one object, for those who copy it. */
export function spread(context: Context): Context {
  return Object.assign({ ...context }, Object.fromEntries(onDemand.map((name) => [name, context[name]])));
}

/** A fresh context in the place of another, with what was added to that beside: its request and its parameters. */
export function renew<Former extends Context>(former: Former, fresh: Context): Former {
  const added = Object.entries(former).filter(([name]) => !(name in fresh));
  return Object.assign(fresh, Object.fromEntries(added)) as Former;
}
