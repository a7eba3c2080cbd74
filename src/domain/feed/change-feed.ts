import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { connectionConfig, DatabaseClient } from '../../database/pool/connection.ts';
import { CacheLease } from './cache-lease.ts';
import { channels } from './channels.ts';

/**
 * What listeners are told: a revision was committed; something of a user, an API key or an organization has changed, by
 * whatever way; or from now on they are, or are not, told of both.
 */
export type FeedEvent =
  | { kind: 'revision'; organizationId: string; revision: number }
  | { kind: 'change'; id: string }
  | { kind: 'connected' }
  | { kind: 'disconnected' };

type FeedListener = (event: FeedEvent) => void;

/**
 * Tells of every change as it is committed, whichever process wrote it. What is committed while the feed is not
 * connected is never told: who listens asks the database itself at each `connected`.
 */
export interface ChangeFeed {
  readonly isConnected: boolean;
  /** Answers what ends it. A listener must not throw. */
  subscribe: (listener: FeedListener) => () => void;
  close: () => Promise<void>;
}

const longestPauseMs = 2_000;

/** How long, in ms, a pooler is left alone that passes nothing on. */
const deafPauseMs = 60_000;

/** By this way no notification comes through. */
class DeafConnectionError extends Error {}

/** How long, in ms, an answer may take. */
const answerMs = 1_000;

/**
 * Listens by a connection of its own, from now until it is closed; one that is lost is opened again. By this connection the
 * lease on the caches is renewed: where it died silently nothing is heard, and the lease runs out. A pooler that shares
 * connections between transactions passes no notifications on: behind it the feed is never connected, and there is no lease.
 */
export function createChangeFeed(databaseUrl: string, lease: CacheLease = new CacheLease()): ChangeFeed {
  const listeners = new Set<FeedListener>();
  const stop = new AbortController();
  let isConnected = false;
  let failures = 0;

  const tell = (event: FeedEvent) => {
    for (const listener of listeners) listener(event);
  };
  const keepListening = async () => {
    while (!stop.signal.aborted) {
      const onConnected = () => {
        failures = 0;
        isConnected = true;
        tell({ kind: 'connected' });
      };
      const listening = listen(databaseUrl, { lease, signal: stop.signal, onConnected, onEvent: tell });
      const fault: unknown = await listening.catch((error: unknown) => error);
      if (isConnected) {
        isConnected = false;
        tell({ kind: 'disconnected' });
      }
      const pauseMs =
        fault instanceof DeafConnectionError ? deafPauseMs : Math.min(50 * 2 ** failures++, longestPauseMs);
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

/** Always throws: when the connection cannot be had, is lost, does not answer in time, or is not wanted any more. */
async function listen(databaseUrl: string, { lease, signal, onConnected, onEvent }: Listening): Promise<never> {
  const { client, hangUp } = clientOf(databaseUrl);
  const lost = new AbortController();
  client.once('end', () => lost.abort());
  let leaving: Promise<void> | undefined;
  const leave = () => {
    leaving = lease
      .leave(client)
      .catch(() => {})
      .finally(hangUp);
  };
  signal.addEventListener('abort', leave);
  try {
    await client.connect();
    await beginListening(databaseUrl, client);
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === channels.ping) return void lease.hear(client, Number(payload)).catch(hangUp);
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
    hangUp();
  }
}

/** That a LISTEN was answered does not say that anything comes of it. @throws where another connection is not heard */
async function beginListening(databaseUrl: string, listener: DatabaseClient): Promise<void> {
  const word = randomUUID();
  const { client, hangUp } = clientOf(databaseUrl);
  const isHeard = new AbortController();
  listener.on('notification', ({ payload }) => {
    if (payload === word) isHeard.abort();
  });
  try {
    await client.connect();
    if (listener.isShared) await requireOwnSession(listener, client);
    await listener.query(
      `${Object.values(channels)
        .map((channel) => `LISTEN ${channel}`)
        .join('; ')}`,
    );
    await client.query('SELECT pg_notify($1, $2)', [channels.check, word]);
    await sleep(answerMs, undefined, { signal: isHeard.signal }).catch(() => {});
    // Where there is no pooler, the server was slow.
    if (!isHeard.signal.aborted)
      throw listener.isShared ? new DeafConnectionError() : new Error('It was not heard in time');
    await client.end();
  } finally {
    hangUp();
  }
}

/**
 * A LISTEN stays on the connection of a pooler, which is told of every change from then on and does not know whom to tell: it
 * is sent by a session alone. Where two clients meet on one connection, or one is moved to another, there are none.
 */
async function requireOwnSession(one: pg.Client, other: pg.Client): Promise<void> {
  const seen = new Set<number>();
  for (let round = 0; round < 5; round += 1) {
    seen.add(await processOf(one));
    if (seen.size > 1 || seen.has(await processOf(other))) throw new DeafConnectionError();
  }
}

async function processOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

function clientOf(databaseUrl: string): { client: DatabaseClient; hangUp: () => void } {
  const socket = new Socket();
  const client = new DatabaseClient(
    connectionConfig(databaseUrl, {
      stream: () => socket,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: answerMs,
    }),
  );
  return { client, hangUp: () => void socket.destroy() };
}
