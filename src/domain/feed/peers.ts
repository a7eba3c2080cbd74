import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, withSignal } from '../../database/pool/client.ts';
import { coalesce } from '../../database/pool/coalesce.ts';
import type { Signal } from '../../database/pool/signal.ts';
import { type CacheLease, othersThan } from './cache-lease.ts';
import { channels } from './channels.ts';

/** How soon it is looked for confirmations, in ms, and how often at last: each time after twice as long. */
const polling = { firstMs: 1, longestMs: 50 };

export type AwaitPeers = (signal?: Signal) => Promise<void>;

/**
 * Resolves once no process of the database answers from a cache with what was before the changes that were committed before
 * the call: all that hold a lease have heard of them, or their lease is over. Where there is no other process nothing is
 * sent. Whoever comes meanwhile waits for one ping with all others that do. Needs no feed of its own.
 */
export function createPeers(db: Database, lease: CacheLease): AwaitPeers {
  const { leaseMs } = lease.times;
  // Who is waited for in one round is so in the next: there is no use in two at a time.
  const round = coalesce(
    async (waiting: readonly null[], signal) => {
      const own = withSignal(db, signal);
      if (await hasOthers(own, lease)) await pingUntilHeard(own, leaseMs);
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
  lease.learnOthers(askedAt, exist);
  return exist;
}

/**
 * Notifications come in the order of commits, so that who hears the ping has heard of all changes before. Its number is that
 * of its transaction: a ping with a higher one was begun after these changes too, and stands for it as well.
 *
 * It ends after the time of a lease in any case: what was renewed since then was so by a connection that had heard the ping.
 */
async function pingUntilHeard(db: Database, leaseMs: number): Promise<void> {
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
  // Leases that the table did not show, since it was emptied, are over as well.
  await db.query`INSERT INTO public."Instance" ("id", "leaseUntil") VALUES ('intact', 'epoch') ON CONFLICT DO NOTHING`;
}
