import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, withSignal } from '../../database/pool/client.ts';
import { coalesce } from '../../database/pool/coalesce.ts';
import type { Signal } from '../../database/pool/signal.ts';
import { type CacheLease, othersThan } from './cache-lease.ts';
import { channels } from './channels.ts';

/** Polling for confirmations, in ms: the first pause, doubled each time up to the longest. */
const polling = { firstMs: 1, longestMs: 50 };

export type AwaitPeers = (signal?: Signal) => Promise<void>;

/**
 * Resolves once no process answers from a cache that is older than the changes committed before the call: each holder of a
 * lease has confirmed that it was notified of them, or its lease has expired. Nothing is sent where there is no other
 * process. Concurrent calls are coalesced into one ping. It needs no feed of its own.
 */
export function createPeers(db: Database, lease: CacheLease): AwaitPeers {
  const { leaseMs } = lease.times;
  // One round at a time: a second one would wait for the same slow peer.
  const round = coalesce(
    async (waiting: readonly null[], signal) => {
      const own = withSignal(db, signal);
      if (await hasOthers(own, lease)) await pingUntilConfirmed(own, leaseMs);
      return waiting;
    },
    { maxWaitMs: leaseMs },
  );
  return async (signal) => {
    if (lease.hasOthers !== false) await round(null, signal);
  };
}

async function hasOthers(db: Database, lease: CacheLease): Promise<boolean> {
  const known = lease.hasOthers;
  if (known !== undefined) return known;
  const askedAt = performance.now();
  const [found] = await db.query<{ hasOthers: boolean }>`${othersThan(lease.id)}`;
  const exist = found?.hasOthers ?? true;
  lease.cacheOthers(askedAt, exist);
  return exist;
}

/**
 * Notifies all peers and polls until each has confirmed. Notifications arrive in the order of commits, so that a peer that
 * received the ping has received all changes before it. The ping's number is its transaction id: a higher one was begun
 * after these changes too, and its confirmation counts as well.
 *
 * It resolves after the time of a lease in any case: a lease that was renewed since then was so on a connection that had
 * received the ping.
 */
async function pingUntilConfirmed(db: Database, leaseMs: number): Promise<void> {
  const [ping] = await db.query<{ number: string }>`
    SELECT txid_current()::text AS "number", pg_notify(${channels.ping}, txid_current()::text)::text`;
  const until = performance.now() + leaseMs;
  for (let pauseMs = polling.firstMs; performance.now() < until; pauseMs = Math.min(2 * pauseMs, polling.longestMs)) {
    await sleep(pauseMs);
    const [found] = await db.query<{ isAwaited: boolean }>`
      SELECT NOT EXISTS (SELECT FROM public."Instance" WHERE "id" = 'intact') OR EXISTS (
        SELECT FROM public."Instance" WHERE "leaseUntil" > clock_timestamp() AND "heard" < ${ping?.number}::bigint
      ) AS "isAwaited"`;
    if (found?.isAwaited === false) return;
  }
  // Leases that were lost when a crash emptied the table have expired as well: the table is complete again.
  await db.query`INSERT INTO public."Instance" ("id", "leaseUntil") VALUES ('intact', 'epoch') ON CONFLICT DO NOTHING`;
}
