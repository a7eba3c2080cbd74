import pg from 'pg';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../src/database/pool/client.ts';
import { CacheLease } from '../../src/domain/feed/cache-lease.ts';
import { createChangeFeed, type FeedEvent } from '../../src/domain/feed/change-feed.ts';
import { createPeers } from '../../src/domain/feed/peers.ts';
import { createTestDatabase } from '../kit/database.ts';

const database = await createTestDatabase();
const db = createDatabase(database.url);
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

/** A process that is busy joins late. */
const patiently = { timeout: 10_000, interval: 5 };

const times = { heartbeatMs: 20, leaseMs: 5_000, joinMs: 60 };

/** A process that ends with the test: what it hears of, and how it waits for others. */
function aProcess(own = times) {
  const lease = new CacheLease(own);
  const feed = createChangeFeed(database.url, lease);
  onTestFinished(feed.close);
  const told: FeedEvent['kind'][] = [];
  feed.subscribe(({ kind }) => void told.push(kind));
  return { lease, feed, told, awaitPeers: createPeers(db, lease) };
}

/** The pings that were sent since, and by `end` no more. */
async function listenForPings() {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  onTestFinished(() => client.end());
  let pings = 0;
  client.on('notification', () => {
    pings += 1;
  });
  await client.query('LISTEN modelgate_ping');
  return async () => {
    await client.query('SELECT 1');
    return pings;
  };
}

const instances = () =>
  db.query<{ id: string; heard: bigint }>`SELECT "id", "heard" FROM "Instance" ORDER BY "id" COLLATE "C"`;
const idsOf = async () => (await instances()).map(({ id }) => id);

describe('a lease on the caches', () => {
  it('is used only when all writers know of it, and no longer than it is renewed', async () => {
    const { lease, feed } = aProcess({ heartbeatMs: 60_000, leaseMs: 600, joinMs: 300 });

    await expect.poll(() => feed.isConnected, patiently).toBe(true);
    const held = [lease.isHeld];
    await expect.poll(() => lease.isHeld, patiently).toBe(true);
    await expect.poll(() => lease.isHeld, patiently).toBe(false);

    expect(held).toEqual([false]);
    expect(feed.isConnected).toBe(true);
  });

  it('says who else has one for as long only as nobody can have joined', () => {
    const lease = new CacheLease({ ...times, joinMs: 60_000 });
    const said = [59_000, 0]
      .map((agoMs) => performance.now() - 60_000 + agoMs)
      .map((askedAt) => {
        lease.cacheOthers(askedAt, false);
        return lease.hasOthers;
      });

    expect(said).toEqual([false, undefined]);
  });

  it('is over where its row is gone, and is begun anew', async () => {
    const { lease, told } = aProcess();
    await expect.poll(() => lease.isHeld, patiently).toBe(true);

    await db.query`DELETE FROM "Instance" WHERE "id" = ${lease.id}`;

    await expect.poll(() => told, patiently).toEqual(['connected', 'disconnected', 'connected']);
    await expect.poll(() => lease.isHeld, patiently).toBe(true);
  });

  it('is given back by a process that ends, and taken from one that is long gone', async () => {
    await db.query`INSERT INTO "Instance" ("id", "leaseUntil") VALUES ('long gone', now() - interval '2 minutes')`;
    const { lease, feed } = aProcess();
    await expect.poll(() => lease.isHeld, patiently).toBe(true);
    const before = await idsOf();

    await feed.close();

    expect(before).toEqual([lease.id, 'intact'].toSorted());
    expect([lease.isHeld, await idsOf()]).toEqual([false, ['intact']]);
  });
});

describe('peers', () => {
  it('are neither asked nor pinged where there are none', async () => {
    const { lease, awaitPeers } = aProcess();
    await expect.poll(() => lease.hasOthers, patiently).toBe(false);
    const pings = await listenForPings();

    await awaitPeers();

    expect(await pings()).toBe(0);
  });

  it('are waited for until they have heard', async () => {
    const [one, other] = [aProcess(), aProcess()];
    await expect.poll(() => one.lease.hasOthers && other.lease.isHeld, patiently).toBe(true);
    const before = new Map((await instances()).map(({ id, heard }) => [id, heard]));
    const pings = await listenForPings();

    await Promise.all([one.awaitPeers(), one.awaitPeers(), one.awaitPeers()]);

    for (const { id, heard } of await instances())
      if (id !== 'intact') expect(heard).toBeGreaterThan(before.get(id) ?? 0n);
    // One for those that came while it was sent.
    expect(await pings()).toBe(1);
  });

  it('confirm no ping that is still to come, whoever notifies', async () => {
    const [one, other] = [aProcess(), aProcess()];
    await expect.poll(() => one.lease.hasOthers && other.lease.isHeld, patiently).toBe(true);

    await db.query`SELECT pg_notify('modelgate_ping', ${String(Number.MAX_SAFE_INTEGER)})::text`;
    await one.awaitPeers();

    const [now] = await db.query<{ number: bigint }>`SELECT txid_current()::bigint AS "number"`;
    for (const { heard } of await instances()) expect(Number(heard)).toBeLessThan(Number(now?.number));
  });

  it('are pinged once for all who come while a ping is under way', async () => {
    const [one] = [aProcess(), aProcess()];
    await expect.poll(() => one.lease.hasOthers, patiently).toBe(true);
    const pings = await listenForPings();

    const first = one.awaitPeers();
    await Promise.resolve();
    await Promise.resolve();
    await Promise.all([first, ...Array.from({ length: 20 }, () => one.awaitPeers())]);

    expect(await pings()).toBeLessThanOrEqual(2);
  });

  it('are waited for until a lease is over where the table does not show any more who holds one', async () => {
    const lease = new CacheLease({ ...times, leaseMs: 300 });
    await db.query`DELETE FROM "Instance"`;
    const awaitPeers = createPeers(db, lease);
    let isOver = false;

    const waiting = awaitPeers().then(() => {
      isOver = true;
    });
    const pings = await listenForPings();
    const ids = await idsOf();
    const wasOver = isOver;
    await waiting;

    expect({ wasOver, ids }).toEqual({ wasOver: false, ids: [] });
    expect(await idsOf()).toEqual(['intact']);
    expect(await pings()).toBeLessThanOrEqual(1);
  });
});
