import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { connectionConfig, DatabaseClient } from '../../database/pool/connection.ts';
import { CacheLease } from './cache-lease.ts';
import { channels } from './channels.ts';

/**
 * An event of the feed: a revision was committed; a user, an API key or an organization has changed, also by another program;
 * or the feed has connected or disconnected.
 */
export type FeedEvent =
  | { kind: 'revision'; organizationId: string; revision: number }
  | { kind: 'change'; id: string }
  | { kind: 'connected' }
  | { kind: 'disconnected' };

type FeedListener = (event: FeedEvent) => void;

/**
 * Notifies listeners of every committed change, whichever process wrote it. Changes that are committed while the feed is
 * disconnected are never notified: a listener must read the database at each `connected`.
 */
export interface ChangeFeed {
  readonly isConnected: boolean;
  /** Answers a function that unsubscribes. A listener must not throw. */
  subscribe: (listener: FeedListener) => () => void;
  close: () => Promise<void>;
}

/** The longest pause, in ms, between retries to connect; they back off exponentially. */
const longestPauseMs = 2_000;

/** The pause, in ms, before a retry where a pooler delivers no notifications. */
const noNotificationsPauseMs = 60_000;

/** The connection delivers no notifications. */
class NoNotificationsError extends Error {}

/** The timeout, in ms, of a query and of the test notification. */
const timeoutMs = 1_000;

/**
 * Listens (LISTEN) on its own connection until it is closed; a lost connection is opened again. The cache lease is renewed on
 * the same connection: where that died silently, renewal fails and the lease expires. A pooler in transaction mode delivers no
 * notifications: behind one the feed never connects, and there is no lease.
 */
export function createChangeFeed(databaseUrl: string, lease: CacheLease = new CacheLease()): ChangeFeed {
  const listeners = new Set<FeedListener>();
  const stop = new AbortController();
  let isConnected = false;
  let failures = 0;

  const notify = (event: FeedEvent) => {
    for (const listener of listeners) listener(event);
  };
  const keepListening = async () => {
    while (!stop.signal.aborted) {
      const onConnected = () => {
        failures = 0;
        isConnected = true;
        notify({ kind: 'connected' });
      };
      const listening = listen(databaseUrl, { lease, signal: stop.signal, onConnected, onEvent: notify });
      const fault: unknown = await listening.catch((error: unknown) => error);
      if (isConnected) {
        isConnected = false;
        notify({ kind: 'disconnected' });
      }
      const pauseMs =
        fault instanceof NoNotificationsError ? noNotificationsPauseMs : Math.min(50 * 2 ** failures++, longestPauseMs);
      await sleep(pauseMs, undefined, { signal: stop.signal }).catch(() => {});
    }
  };
  const listening = keepListening();

  return {
    get isConnected() {
      return isConnected;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {
      stop.abort();
      await listening;
    },
  };
}

interface Listening {
  lease: CacheLease;
  signal: AbortSignal;
  onConnected: () => void;
  onEvent: FeedListener;
}

/** Listens on one connection. Always throws: when it cannot be opened, is lost, times out, or is aborted. */
async function listen(databaseUrl: string, { lease, signal, onConnected, onEvent }: Listening): Promise<never> {
  const { client, disconnect } = clientOf(databaseUrl);
  const lost = new AbortController();
  client.once('end', () => lost.abort());
  let leaving: Promise<void> | undefined;
  const leave = () => {
    leaving = lease
      .leave(client)
      .catch(() => {})
      .finally(disconnect);
  };
  signal.addEventListener('abort', leave);
  try {
    await client.connect();
    await beginListening(databaseUrl, client);
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === channels.ping) return void lease.confirm(client, Number(payload)).catch(disconnect);
      if (channel === channels.change) return onEvent({ kind: 'change', id: payload });
      const [, organizationId, revision] = /^(.+):(\d+)$/.exec(payload) ?? [];
      if (organizationId) onEvent({ kind: 'revision', organizationId, revision: Number(revision) });
    });
    await lease.join(client);
    onConnected();
    while (true) {
      await sleep(lease.times.heartbeatMs, undefined, { signal: lost.signal });
      await lease.renew(client);
    }
  } finally {
    lease.drop();
    signal.removeEventListener('abort', leave);
    await leaving;
    disconnect();
  }
}

/**
 * Sends LISTEN, and tests with a notification from a second connection that notifications are delivered: a pooler answers
 * LISTEN without delivering any.
 *
 * @throws where the test notification does not arrive in time
 */
async function beginListening(databaseUrl: string, listener: DatabaseClient): Promise<void> {
  const testPayload = randomUUID();
  const { client, disconnect } = clientOf(databaseUrl);
  const received = new AbortController();
  listener.on('notification', ({ payload }) => {
    if (payload === testPayload) received.abort();
  });
  try {
    await client.connect();
    if (listener.isShared) await requireOwnSession(listener, client);
    await listener.query(
      `${Object.values(channels)
        .map((channel) => `LISTEN ${channel}`)
        .join('; ')}`,
    );
    await client.query('SELECT pg_notify($1, $2)', [channels.check, testPayload]);
    await sleep(timeoutMs, undefined, { signal: received.signal }).catch(() => {});
    // Without a pooler the server was only slow: the normal backoff applies.
    if (!received.signal.aborted)
      throw listener.isShared ? new NoNotificationsError() : new Error('The test notification did not arrive in time');
    await client.end();
  } finally {
    disconnect();
  }
}

/**
 * Checks, before LISTEN is sent, that a client behind a pooler keeps a server connection of its own; in transaction mode two
 * clients meet on one, or a client is moved between several. There LISTEN would stay on a connection of the pooler, which
 * would receive every notification with no client to pass it to.
 *
 * @throws NoNotificationsError
 */
async function requireOwnSession(one: pg.Client, other: pg.Client): Promise<void> {
  const seen = new Set<number>();
  for (let round = 0; round < 5; round += 1) {
    seen.add(await serverProcessOf(one));
    if (seen.size > 1 || seen.has(await serverProcessOf(other))) throw new NoNotificationsError();
  }
}

async function serverProcessOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

function clientOf(databaseUrl: string): { client: DatabaseClient; disconnect: () => void } {
  const socket = new Socket();
  const client = new DatabaseClient(
    connectionConfig(databaseUrl, {
      stream: () => socket,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: timeoutMs,
    }),
  );
  return { client, disconnect: () => void socket.destroy() };
}
