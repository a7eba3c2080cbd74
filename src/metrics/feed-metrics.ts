import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Database } from '../database/pool/client.ts';
import type { CacheLease } from '../domain/feed/cache-lease.ts';
import type { ChangeFeed } from '../domain/feed/change-feed.ts';
import type { RevisionHub } from '../domain/feed/revision-hub.ts';
import type { SnapshotHub } from '../domain/snapshots/snapshot-hub.ts';

export interface Feed {
  db: Database;
  changeFeed: ChangeFeed;
  lease: CacheLease;
  revisionHub: RevisionHub;
  snapshotHub: SnapshotHub;
}

/** How often, in ms, the time of a revision is read at most: under load a sample tells as much, and costs no statement each. */
const sampleMs = 1_000;

/** How this process hears of changes, and who listens to it. Answers a function that ends it. */
export function watchFeed(registry: Registry, { db, changeFeed, lease, revisionHub, snapshotHub }: Feed): () => void {
  const registers = [registry];
  const heard = new Counter({
    name: 'modelgate_feed_revisions_total',
    help: 'Revisions of the ledger that this process has heard of, whichever process made them.',
    registers,
  });
  const lag = new Histogram({
    name: 'modelgate_feed_lag_seconds',
    help: 'From the writing of a ledger entry to its commit and until this process heard of it; of one revision a second.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  new Gauge({
    name: 'modelgate_feed_connected',
    help: '1 while this process hears of changes; 0 while it does not, and answers nothing from a cache.',
    registers,
    collect() {
      this.set(Number(changeFeed.isConnected));
    },
  });
  new Gauge({
    name: 'modelgate_cache_lease_held',
    help: '1 while this process may answer from its caches.',
    registers,
    collect() {
      this.set(Number(lease.isHeld));
    },
  });
  new Gauge({
    name: 'modelgate_stream_clients',
    help: 'Open subscriptions.',
    registers,
    collect() {
      this.set(revisionHub.open);
    },
  });
  new Gauge({
    name: 'modelgate_snapshot_streams',
    help: 'Open streams of snapshots, which SDKs and relays follow.',
    registers,
    collect() {
      this.set(snapshotHub.open);
    },
  });

  let sampledAt = Number.NEGATIVE_INFINITY;
  return changeFeed.subscribe((event) => {
    if (event.kind !== 'revision') return;
    heard.inc();
    const heardAt = performance.now();
    if (heardAt - sampledAt < sampleMs) return;
    sampledAt = heardAt;
    // Where the database does not answer there is no sample.
    findAgeMs(db, event).then(
      (ageMs) => ageMs !== undefined && lag.observe(Math.max(0, ageMs - (performance.now() - heardAt)) / 1_000),
      () => {},
    );
  });
}

/** How long ago a revision was written, by the database's clock alone, so that clocks need not agree. */
async function findAgeMs(
  db: Database,
  { organizationId, revision }: { organizationId: string; revision: number },
): Promise<number | undefined> {
  const [found] = await db.query<{ ageMs: number }>`
    SELECT (extract(epoch FROM clock_timestamp() - "at") * 1000)::float8 AS "ageMs"
    FROM public."Revision" WHERE "organizationId" = ${organizationId} AND "number" = ${revision}`;
  return found?.ageMs;
}
