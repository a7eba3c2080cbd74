import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { type ChangeFeed, createChangeFeed, type FeedEvent } from '../../src/database/change-feed.ts';
import { createDatabase } from '../../src/database/client.ts';
import { createTestDatabase } from '../kit/database.ts';
import { loseFeeds, reviseQuickly } from '../kit/subscriptions.ts';
import { buildWorld } from '../kit/world.ts';

const database = await createTestDatabase();
const db = createDatabase(database.url);
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});
const { organization, foreignOrganization, admin } = await buildWorld(db);

/** A feed that ends with the test, and what it has told. */
function aFeed(url = database.url): { feed: ChangeFeed; told: FeedEvent[]; unsubscribe: () => void } {
  const feed = createChangeFeed(url, { checkMs: 100 });
  onTestFinished(feed.close);
  const told: FeedEvent[] = [];
  return { feed, told, unsubscribe: feed.subscribe((event) => void told.push(event)) };
}

const connected = { kind: 'connected' };
const disconnected = { kind: 'disconnected' };
const revisionOf = ({ id }: { id: string }) => ({ kind: 'revision', organizationId: id, revision: expect.any(Number) });

describe('the change feed', () => {
  it('tells of a revision once it is committed, whoever wrote it', async () => {
    const { feed, told } = aFeed();
    await expect.poll(() => feed.isConnected).toBe(true);

    await reviseQuickly(db, organization, { as: admin, times: 1 });
    await reviseQuickly(db, foreignOrganization, { as: admin, times: 1 });

    await expect.poll(() => told).toEqual([connected, revisionOf(organization), revisionOf(foreignOrganization)]);
  });

  it('tells nothing of a revision that was rolled back', async () => {
    const { feed, told } = aFeed();
    await expect.poll(() => feed.isConnected).toBe(true);

    const undone = db.$transaction(async (tx) => {
      await reviseQuickly(tx, foreignOrganization, { as: admin, times: 1 });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await reviseQuickly(db, organization, { as: admin, times: 1 });

    await expect.poll(() => told).toEqual([connected, revisionOf(organization)]);
  });

  it('comes back after its connection was lost, and says both', async () => {
    const { feed, told } = aFeed();
    await expect.poll(() => feed.isConnected).toBe(true);

    await loseFeeds(database);
    await expect.poll(() => told).toEqual([connected, disconnected, connected]);
    await reviseQuickly(db, organization, { as: admin, times: 1 });

    await expect.poll(() => told).toEqual([connected, disconnected, connected, revisionOf(organization)]);
  });

  it('tells a listener nothing that has unsubscribed', async () => {
    const { feed, told, unsubscribe } = aFeed();
    const other: FeedEvent[] = [];
    feed.subscribe((event) => void other.push(event));
    await expect.poll(() => feed.isConnected).toBe(true);

    unsubscribe();
    await reviseQuickly(db, organization, { as: admin, times: 1 });

    await expect.poll(() => other).toEqual([connected, revisionOf(organization)]);
    expect(told).toEqual([connected]);
  });

  it('waits for a database that is away, and can be closed meanwhile', async () => {
    const { feed, told } = aFeed('postgresql://nobody@127.0.0.1:1/nothing');

    await feed.close();

    expect({ told, isConnected: feed.isConnected }).toEqual({ told: [], isConnected: false });
  });

  it('leaves no connection behind when it is closed', async () => {
    const { feed, told } = aFeed();
    await expect.poll(() => feed.isConnected).toBe(true);

    await feed.close();

    expect({ told, isConnected: feed.isConnected }).toEqual({ told: [connected, disconnected], isConnected: false });
    await expect.poll(() => loseFeeds(database)).toBe(0);
  });
});
