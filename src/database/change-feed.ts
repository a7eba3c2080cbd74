import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** What listeners are told: a revision was committed; or from now on they are, or are not, told of revisions. */
export type FeedEvent =
  | { kind: 'revision'; organizationId: string; revision: number }
  | { kind: 'connected' }
  | { kind: 'disconnected' };

type FeedListener = (event: FeedEvent) => void;

/**
 * Tells of every revision as it is committed, whichever process wrote it. What is committed while the feed is not
 * connected is never told: who listens asks the database itself at each `connected`.
 */
export interface ChangeFeed {
  readonly isConnected: boolean;
  /** Answers what ends it. A listener must not throw. */
  subscribe: (listener: FeedListener) => () => void;
  close: () => Promise<void>;
}

/** What the trigger on the ledger notifies. */
const channel = 'modelgate_revision';

const longestPauseMs = 2_000;

/**
 * Listens by a connection of its own, from now until it is closed; one that is lost is opened again. Every `checkMs` it
 * is asked for a sign of life, since one that died silently tells nothing. A pooler that shares connections between
 * transactions passes no notifications on.
 */
export function createChangeFeed(databaseUrl: string, { checkMs = 10_000 } = {}): ChangeFeed {
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
      await listen(databaseUrl, { checkMs, signal: stop.signal, onConnected, onEvent: tell }).catch(() => {});
      if (isConnected) {
        isConnected = false;
        tell({ kind: 'disconnected' });
      }
      const pauseMs = Math.min(50 * 2 ** failures++, longestPauseMs);
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
  checkMs: number;
  signal: AbortSignal;
  onConnected: () => void;
  onEvent: FeedListener;
}

/** Always throws: when the connection cannot be had, is lost, does not answer, or is not wanted any more. */
async function listen(databaseUrl: string, { checkMs, signal, onConnected, onEvent }: Listening): Promise<never> {
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: databaseUrl,
    stream: () => socket,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  });
  const lost = new AbortController();
  client.once('end', () => lost.abort());
  // A connection that is lost also ends; without a listener it would end the process.
  client.on('error', () => {});
  client.on('notification', ({ payload = '' }) => {
    const [, organizationId, revision] = /^(.+):(\d+)$/.exec(payload) ?? [];
    if (organizationId) onEvent({ kind: 'revision', organizationId, revision: Number(revision) });
  });
  const hangUp = () => void socket.destroy();
  signal.addEventListener('abort', hangUp);
  try {
    await client.connect();
    await client.query(`LISTEN ${channel}`);
    onConnected();
    while (true) {
      await sleep(checkMs, undefined, { signal: lost.signal });
      await client.query('SELECT 1');
    }
  } finally {
    signal.removeEventListener('abort', hangUp);
    hangUp();
  }
}
