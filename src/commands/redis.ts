import { createClient } from '@redis/client';
import type { Logger } from 'pino';
import type { SharedCounter } from '../server/limits/shared-windows.ts';

/** A connection to Redis: it comes back of its own accord, and is refused, not waited for, while it is away. */
export interface Redis {
  client: SharedCounter;
  close: () => void;
}

/** Starts to connect. The service does not wait for it: nothing that Redis holds is needed for an answer. */
export function connectRedis(url: string, log: Logger): Redis {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: 2_000, reconnectStrategy: (retries) => Math.min(100 * 2 ** retries, 2_000) },
  });
  let isAway = false;
  // Told once, not at each attempt; and without a listener it would end the process.
  client.on('error', (error: Error) => {
    if (!isAway) log.warn({ reason: error.message }, 'Redis does not answer: points are counted by this process alone');
    isAway = true;
  });
  client.on('ready', () => {
    if (isAway) log.info('Redis answers again');
    isAway = false;
  });
  client.connect().catch(() => {});
  return { client, close: () => client.destroy() };
}
