import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { pino } from 'pino';
import { afterAll, vi } from 'vitest';
import type { TrustedIssuer } from '../../src/auth/token.ts';
import { createTags, type Tags } from '../../src/cache/tags.ts';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { createDatabase, type PrismaDatabase } from '../../src/database/pool/client.ts';
import type { PoolObserver } from '../../src/database/pool/pool.ts';
import { CacheLease } from '../../src/domain/feed/cache-lease.ts';
import { type ChangeFeed, createChangeFeed } from '../../src/domain/feed/change-feed.ts';
import { createPeers } from '../../src/domain/feed/peers.ts';
import { createRevisionHub, type RevisionHub } from '../../src/domain/feed/revision-hub.ts';
import { RefusalCounter } from '../../src/domain/refusals/refusal-counter.ts';
import { createSnapshotHub, type SnapshotHub } from '../../src/domain/snapshots/snapshot-hub.ts';
import { newMasterKey, parseMasterKeys } from '../../src/domain/vault/master-keys.ts';
import { createVault } from '../../src/domain/vault/vault.ts';
import { limitsOf } from '../../src/limits.ts';
import type { ServerOptions } from '../../src/server/options.ts';
import { loadCompiler } from '../../src/server/plugins/use-compiled-queries.ts';
import { createServer } from '../../src/server.ts';
import { createTestDatabase } from './database.ts';
import { tokenOf, trustedIssuer } from './issuer.ts';
import { createRepetition, type Repeat } from './repetition.ts';
import { buildWorld, type World } from './world.ts';

/** For all tests it is this day: models retire as time goes by. */
export const today = new Date('2026-11-22T12:00:00Z');

/** What the provider keys of all tests are sealed with, unless they say otherwise. */
export const testVault = createVault(parseMasterKeys(newMasterKey('test')));

/** For an instance whose statements are those of a service that was just started. */
export const nothingRemembered = { bytes: 0, entries: 0 };

/** Leases of instances that are soon known to each other, and that a busy machine does not end. */
// As the process does soon after its start.
await loadCompiler();

/** As good as never, in ms. */
const never = 24 * 3_600_000;

const leaseTimes = { heartbeatMs: 500, leaseMs: 5_000, joinMs: 100 };

/** What is sent between instances, and by the clock, and not for what was asked. */
const betweenRequests = /"Instance"|modelgate_ping|INSERT INTO public."ModelRefusal"/;

/** What a client is told. */
export interface Answer<Data> {
  status: number;
  headers: Headers;
  data?: Data | null;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
}

interface Asking {
  /** Who asks; nobody is anonymous. */
  as?: { id: string } | undefined;
  /** Or the token that is sent. */
  token?: string;
  headers?: Record<string, string>;
  /** Sends a read once. By default it is sent again, unseen, and must be answered with the same data. */
  once?: boolean;
}

/** One running service: what its clients can do with it, and what can be seen from behind. */
export interface Service {
  /** For a port, where one is needed. */
  listener: RequestListener;
  /** How it hears of changes. */
  changeFeed: ChangeFeed;
  revisionHub: RevisionHub;
  snapshotHub: SnapshotHub;
  /** Whether it may use its caches. */
  lease: CacheLease;
  /** For what is changed behind its back: what nobody tells of, or is not waited for. */
  tags: Tags;
  /** Counts what it refuses. It is written when a test says so. */
  refusals: RefusalCounter;
  fetch: (request: Request) => Promise<Response>;
  /** Sends a read again, where that can be done unnoticed. */
  repeat: Repeat;
  ask: <Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Data, Variables> | string,
    variables?: Variables,
    asking?: Asking,
  ) => Promise<Answer<Data>>;
  /** Statements sent since the last call. */
  takeStatements: () => string[];
  /** Log lines written so far. */
  logLines: () => Record<string, unknown>[];
}

type OwnOptions =
  | 'db'
  | 'catalog'
  | 'issuers'
  | 'vault'
  | 'log'
  | 'readiness'
  | 'revisionHub'
  | 'snapshotHub'
  | 'tags'
  | 'refusals';

interface InstanceOptions extends Omit<ServerOptions, OwnOptions> {
  /** Whom it trusts: the issuer of the kit where absent. */
  issuers?: readonly TrustedIssuer[];
  /** How soon subscriptions look after themselves, in ms. */
  hub?: { checkMs?: number; longestIdleMs?: number };
  /** How often streams of snapshots get a comment. */
  heartbeats?: { heartbeatMs?: number };
  /** Where it hears of changes: the database itself where absent. */
  feedUrl?: string;
  /** How it keeps its lease on its caches. */
  times?: Partial<typeof leaseTimes>;
  /** The models that exist for it: those of the first instance, or that are shipped, where absent. */
  catalog?: Catalog;
}

interface ServiceOptions extends InstanceOptions {
  /** Is told of the pools of all instances. */
  observer?: PoolObserver;
}

/** A service on a database of this test file's own, which goes when the file is done. */
export async function startService({ catalog = readCatalog(), observer, ...options }: ServiceOptions = {}) {
  const database = await createTestDatabase();
  const clients: PrismaDatabase[] = [];
  const feeds: ChangeFeed[] = [];
  const connect = (onQuery?: (sql: string) => void) => {
    const db = createDatabase(database.url, { observer, ...(onQuery ? { onQuery } : {}) });
    clients.push(db);
    return db;
  };
  const instance = ({ feedUrl = database.url, times, catalog: own = catalog, ...others }: InstanceOptions = {}) => {
    const lease = new CacheLease({ ...leaseTimes, ...times });
    const changeFeed = createChangeFeed(feedUrl, lease);
    feeds.push(changeFeed);
    return startInstance(connect, own, { ...options, ...others, changeFeed, lease });
  };
  afterAll(async () => {
    await Promise.all(feeds.map((feed) => feed.close()));
    await Promise.all(clients.map((client) => client.$disconnect()));
    await database.drop();
  });

  const db = connect();
  const first = instance();
  // What is remembered, and so which statements are sent, shall not depend on who is faster.
  await vi.waitUntil(() => first.lease.isHeld, { timeout: 10_000 });
  return {
    ...first,
    db,
    database,
    /** Another process, as it were, on the same database; these options of its own replace those of the first. */
    anotherInstance: instance,
    /** Resolves once every instance that hears of changes has heard of those that were committed before. */
    heard: () => hear(db, feeds),
    /** An organization with its people and one of strangers, not used by any other test; how it was made is heard of. */
    aWorld: async (): Promise<World> => {
      const world = await buildWorld(db);
      await hear(db, feeds);
      return world;
    },
  };
}

/** They are told in the order of their commits. */
async function hear(db: PrismaDatabase, feeds: readonly ChangeFeed[]): Promise<void> {
  const mark = randomUUID();
  const hearing = feeds
    .filter(({ isConnected }) => isConnected)
    .map(
      (feed) =>
        new Promise<void>((resolve) => {
          const unsubscribe = feed.subscribe((event) => {
            if (event.kind === 'revision' || (event.kind === 'change' && event.id !== mark)) return;
            unsubscribe();
            resolve();
          });
        }),
    );
  await db.$executeRaw`SELECT pg_notify('modelgate_change', ${mark})`;
  await Promise.all(hearing);
}

/** What is heard where there is no database. */
const silence: ChangeFeed = { isConnected: false, subscribe: () => () => {}, close: async () => {} };

/** A service on any database; the caller disconnects it, and closes its feed. */
export function startInstance(
  connect: (onQuery: (sql: string) => void) => PrismaDatabase,
  catalog: Catalog,
  {
    hub,
    heartbeats,
    changeFeed = silence,
    lease = new CacheLease(leaseTimes),
    ...options
  }: InstanceOptions & { changeFeed?: ChangeFeed; lease?: CacheLease } = {},
): Service {
  let statements: string[] = [];
  const lines: string[] = [];
  const repetition = createRepetition(options);
  const isOfRequests = (sql: string) => !repetition.isUnderWay() && !betweenRequests.test(sql);
  const db = connect((sql) => void (isOfRequests(sql) && statements.push(sql)));
  const awaitPeers = createPeers(db, lease);
  const tags = createTags({ changeFeed, lease, awaitPeers, limits: options.cache });
  const revisionHub = createRevisionHub({ db, changeFeed, limits: limitsOf(options.limits), ...hub });
  const snapshotHub = createSnapshotHub({
    db,
    changeFeed,
    catalog,
    key: options.signingKey,
    limits: limitsOf(options.limits),
    ...heartbeats,
  });
  const refusals = new RefusalCounter({ db, flushMs: never, onFault: () => {} });
  const server = createServer({
    ...options,
    db,
    refusals,
    catalog,
    issuers: options.issuers ?? [trustedIssuer],
    vault: testVault,
    tags,
    revisionHub,
    snapshotHub,
    clock: options.clock ?? (() => today),
    log: pino(
      { level: 'debug', base: null },
      { write: (line: string) => void (repetition.isUnderWay() || lines.push(line)) },
    ),
    readiness: async () => null,
  });
  const fetch = async (request: Request) => server.fetch(request);

  return {
    listener: server.listener,
    changeFeed,
    revisionHub,
    snapshotHub,
    lease,
    tags,
    refusals,
    fetch,
    repeat: repetition.repeat,
    ask: async (document, variables, { as, token, headers, once = false } = {}) => {
      const bearer = token ?? (as && (await tokenOf(as)));
      const query = typeof document === 'string' ? document : print(document);
      const send = async () => {
        const response = await fetch(
          new Request('http://localhost/graphql', {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
              ...headers,
            },
            body: JSON.stringify({ query, variables }),
          }),
        );
        return { status: response.status, headers: response.headers, ...(await response.json()) };
      };
      const answer = await send();
      // What a secret was read for is written down.
      const isRead = /^\s*(query\b|\{)/.test(query) && !query.includes('providerKeySecret');
      if (isRead && !once && answer.errors === undefined)
        await repetition.repeat(answer.data, async () => (await send()).data);
      return answer;
    },
    takeStatements: () => {
      const taken = statements;
      statements = [];
      return taken;
    },
    logLines: () => lines.map((line) => JSON.parse(line)),
  };
}
