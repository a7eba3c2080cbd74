import { createClient } from '@redis/client';
import type { Logger } from 'pino';
import type { SharedCounter } from '../server/limits/shared-windows.ts';

/** A connection to Redis. It reconnects by itself; until then commands fail at once. */
export interface Redis {
  client: SharedCounter;
  close: () => void;
}

/** Connects in the background: no answer of the service depends on what Redis stores. */
export function connectRedis(url: string, log: Logger): Redis {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: 2_000, reconnectStrategy: (retries) => Math.min(100 * 2 ** retries, 2_000) },
  });
  let isUnavailable = false;
  // Logged once, not at each attempt. Without a listener the error would end the process.
  client.on('error', (error: Error) => {
    if (!isUnavailable)
      log.warn({ reason: error.message }, 'Redis does not answer: points are counted by this process alone');
    isUnavailable = true;
  });
  client.on('ready', () => {
    if (isUnavailable) log.info('Redis answers again');
    isUnavailable = false;
  });
  client.connect().catch(() => {});
  return { client, close: () => client.destroy() };
}
