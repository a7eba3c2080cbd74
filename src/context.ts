import type { GraphQLParams } from 'graphql-yoga';
import type { OrganizationCreation } from './auth/organization-creation.ts';
import { actorOf, type Viewer, viewerIdOf } from './auth/viewer.ts';
import { Dependencies, TrackedDatabase } from './cache/dependencies.ts';
import { TaggedCache } from './cache/tagged-cache.ts';
import { noTags, type Tags } from './cache/tags.ts';
import type { Catalog } from './catalog/catalog.ts';
import { type Database, withSignal } from './database/pool/client.ts';
import { AbortableSignal, type Signal } from './database/pool/signal.ts';
import { DecisionReader } from './domain/decisions/decision-reader.ts';
import type { RevisionHub } from './domain/feed/revision-hub.ts';
import type { Actor } from './domain/ledger/ledger-entry.ts';
import type { OrganizationState } from './domain/ledger/snapshot.ts';
import type { PolicyAt } from './domain/policy/policy-history.ts';
import { type Refusal, refusalOf } from './domain/refusals/refusal.ts';
import { SubjectCache } from './domain/subjects/subject-loader.ts';
import type { Vault } from './domain/vault/vault.ts';
import type { UserError } from './errors/base.ts';
import type { Limits } from './limits.ts';
import { Loaders } from './loaders.ts';
import type { Decisions } from './policy/decisions.ts';
import type { ModelAccess } from './policy/policy.ts';
import type { Subject } from './policy/subject.ts';

/** The services that resolvers use directly. */
interface ServerContext {
  catalog: Catalog;
  /** Providers at which the operator has keys for every organization. */
  platformProviders: ReadonlySet<string>;
  /** Who may create organizations. */
  organizationCreation: OrganizationCreation;
  /** The page on which invitations are accepted: `{organizationId}` and `{invitationId}` stand for the ids. */
  invitationUrl: string | undefined;
  /** Whose tokens are accepted: the names of the issuers. */
  issuers: readonly { issuer: string }[];
  /** Limits of what a client may ask for. */
  limits: Limits;
  /** Subscriptions follow revisions through it. */
  revisionHub: RevisionHub;
}

/** What all requests of a process share. */
export interface Services extends ServerContext {
  db: Database;
  vault: Vault;
  /** Invalidate cached values. */
  tags: Tags;
  /** Cache of the states of organizations. */
  states: TaggedCache<OrganizationState>;
  /** Cache of their members, teams and API keys. */
  subjectCache: SubjectCache;
}

/** The connection of the client that sent a request. */
export interface ClientConnection {
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
  /** `Last-Event-ID`: the last event that the client received on an earlier connection. */
  readonly lastEventId: string | null;
  disconnect: () => void;
}

/** What resolvers may know of their request. */
export interface RequestInfo {
  viewer: Viewer;
  /** The HTTP request. Its record is found by it. */
  request: Request;
  /** The document as it was sent, and its variables; empty for the operations of a REST route. */
  params: GraphQLParams;
  connection: ClientConnection;
  /** The time of the request: one for all its decisions, so that they agree. */
  now: Date;
  /** Called when a mutation returns a typed error, for the log. */
  onTypedError: (error: UserError) => void;
  /** Called with each decision that the client is told, for metrics. */
  onDecision?: ((access: ModelAccess) => void) | undefined;
  /** Called with each refusal of a model that the client has asked about, or tried to use. */
  onRefusal: (refusal: Refusal) => void;
  /**
   * Lets a platform key act in an organization that the request names in its body: once, before anything is authorized. At once where
   * it is known that there is such an organization; without effect for all other callers.
   */
  actIn: (organizationId: string, signal?: Signal) => void | Promise<void>;
}

/** The GraphQL context: services, request, loaders. */
export type Context = ServerContext &
  RequestInfo &
  Omit<Loaders, 'clearLoaders'> & {
    /** Aborted at the deadline, or when the client disconnects: the request's statements are cancelled. */
    signal: AbortableSignal;
    /** The tags of what was read, and whether they cover all of it. */
    dependencies: Dependencies;
    /** Direct access, for what no loader reads. Makes the answer uncacheable. */
    database: () => Database;
    /** Encrypts and decrypts provider keys. Makes the answer uncacheable. */
    vault: () => Vault;
    /**
     * The decisions at the time of the request: for the viewer, or for another subject of the organization. Does not authorize. Where
     * `at` is given, by that policy in place of the present one. Call it as a method.
     */
    decisions: (
      organizationId: string,
      subjectId?: string | null,
      at?: PolicyAt | null,
    ) => Decisions<OrganizationState> | Promise<Decisions<OrganizationState>>;
    /** The decisions at the time of the request for a subject as it is described. Does not authorize. */
    decisionsAs: (
      organizationId: string,
      subject: Subject,
    ) => Decisions<OrganizationState> | Promise<Decisions<OrganizationState>>;
    /**
     * Counts a decision where it refuses; `modelKey` is the name that the client used. For the model that a request is about: not
     * for each of a list, nor for what would be decided. `subjectId` is the user or the API key that is refused; absent: the viewer.
     * Call it as a method, once the viewer may know of the organization.
     */
    countRefusal: (
      organizationId: string,
      modelKey: string,
      access: Pick<ModelAccess, 'model' | 'reasons'>,
      subjectId?: string | null,
    ) => void;
    /** The viewer as the actor of a ledger entry. What it changes is marked as changed. */
    actor: () => Actor;
    /** Marks an organization, a user or an API key whose tag `invalidate` shall invalidate. */
    markChanged: (id: string) => void;
    /** Counts a field of a mutation, before it is authorized and carried out. */
    countChange: (change: { isDryRun: boolean }) => void;
    /** Whether all fields of the mutation were dry runs, refused or not: then nothing of the request may be stored. */
    isDryRun: () => boolean;
    /** Clears the loaders, and invalidates the tags of what was marked as changed. */
    invalidate: () => void;
    /**
     * Resolves once no process answers from a cache that is older than the changes marked here; at once where none are marked.
     * Await it before a change is acknowledged. A replay (`isReplay`) always waits: another process may have made its change.
     */
    awaitPeers: (isReplay?: boolean) => Promise<void>;
    /** A new context for the same request at another time: nothing is loaded, marked or aborted. */
    at: (now: Date) => Context;
    /** A context within a transaction: without caches, since others must not see it before the commit. Marks are shared. */
    within: (tx: Database) => Context;
  };

/** A context for one request. It caches what it reads: never reuse it for another. */
export function createContext(services: Services, requestInfo: RequestInfo): Context {
  return new RequestContext(services, requestInfo, new Set(), new AbortableSignal());
}

/** Members are getters where they can be: what a request does not use is not created. */
class RequestContext extends Loaders implements Context {
  readonly catalog: Catalog;
  readonly platformProviders: ReadonlySet<string>;
  readonly organizationCreation: OrganizationCreation;
  readonly invitationUrl: string | undefined;
  readonly issuers: readonly { issuer: string }[];
  readonly limits: Limits;
  readonly revisionHub: RevisionHub;
  readonly viewer: Viewer;
  readonly request: Request;
  readonly params: GraphQLParams;
  readonly connection: ClientConnection;
  readonly now: Date;
  readonly onTypedError: RequestInfo['onTypedError'];
  readonly onDecision: RequestInfo['onDecision'];
  readonly onRefusal: RequestInfo['onRefusal'];
  readonly signal: AbortableSignal;
  readonly dependencies: Dependencies;
  readonly #services: Services;
  readonly #requestInfo: RequestInfo;
  readonly #source: TrackedDatabase;
  /** The ids marked as changed, shared with contexts within a transaction. */
  readonly #changed: Set<string>;
  #decisionReader: DecisionReader | undefined;
  readonly #changes = { tried: 0, made: 0 };

  constructor(services: Services, requestInfo: RequestInfo, changed: Set<string>, signal: AbortableSignal) {
    const dependencies = new Dependencies();
    dependencies.track(requestInfo.viewer.tag);
    const source = new TrackedDatabase(withSignal(services.db, signal), services.tags, dependencies);
    const { viewer, now } = requestInfo;
    super(source, services, { viewer, now, decisions: (organizationId) => this.decisions(organizationId) });
    this.catalog = services.catalog;
    this.platformProviders = services.platformProviders;
    this.organizationCreation = services.organizationCreation;
    this.invitationUrl = services.invitationUrl;
    this.issuers = services.issuers;
    this.limits = services.limits;
    this.revisionHub = services.revisionHub;
    this.viewer = viewer;
    this.request = requestInfo.request;
    this.params = requestInfo.params;
    this.connection = requestInfo.connection;
    this.now = now;
    this.onTypedError = requestInfo.onTypedError;
    this.onDecision = requestInfo.onDecision;
    this.onRefusal = requestInfo.onRefusal;
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

  decisions(organizationId: string, subjectId: string | null = null, at: PolicyAt | null = null) {
    return this.#reader().of(organizationId, subjectId, at);
  }

  decisionsAs(organizationId: string, subject: Subject) {
    return this.#reader().as(organizationId, subject);
  }

  #reader(): DecisionReader {
    const { viewer } = this;
    this.#decisionReader ??= new DecisionReader(
      { id: viewerIdOf(viewer), roleIn: (organizationId) => viewer.memberships.get(organizationId) ?? null },
      this,
      { onEvaluated: (decided) => this.dependencies.addDecision(decided), onTold: this.onDecision },
    );
    return this.#decisionReader;
  }

  countRefusal(
    organizationId: string,
    modelKey: string,
    access: Pick<ModelAccess, 'model' | 'reasons'>,
    subjectId: string | null = viewerIdOf(this.viewer),
  ): void {
    const refusal = subjectId === null ? undefined : refusalOf({ organizationId, subjectId }, modelKey, access);
    if (refusal) this.onRefusal(refusal);
  }

  get vault() {
    return () => {
      this.dependencies.markUncacheable();
      return this.#services.vault;
    };
  }

  get actIn() {
    return (organizationId: string, signal: Signal = this.signal) => this.#requestInfo.actIn(organizationId, signal);
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

  get countChange() {
    return ({ isDryRun }: { isDryRun: boolean }) => {
      this.#changes[isDryRun ? 'tried' : 'made'] += 1;
    };
  }

  get isDryRun() {
    return () => this.#changes.tried > 0 && this.#changes.made === 0;
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
      const services = {
        ...this.#services,
        db: tx,
        tags: noTags,
        states: new TaggedCache<OrganizationState>(),
        subjectCache: new SubjectCache(),
      };
      return new RequestContext(services, this.#requestInfo, this.#changed, this.signal);
    };
  }
}
