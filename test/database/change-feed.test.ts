import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../src/database/pool/client.ts';
import { type ChangeFeed, createChangeFeed, type FeedEvent } from '../../src/domain/feed/change-feed.ts';
import { createTestDatabase } from '../kit/database.ts';
import { startPooler } from '../kit/pooler.ts';
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
  const feed = createChangeFeed(url);
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

  it('is not connected behind a pooler, which answers and passes nothing on', async () => {
    const line = await startPooler(database.url);
    const { feed, told } = aFeed(line.url);

    const revise = () => reviseQuickly(db, organization, { as: admin, times: 1 });
    await expect.poll(() => revise().then(line.dropped)).toBeGreaterThan(0);

    expect({ told, isConnected: feed.isConnected }).toEqual({ told: [], isConnected: false });
  });

  it('tells whose membership or API key was changed, and who is gone, whoever wrote it', async () => {
    const { feed, told } = aFeed();
    await expect.poll(() => feed.isConnected).toBe(true);
    const [userId, id] = ['usr_told', 'api_told'];
    const [organizationId, other] = [organization.id, foreignOrganization.id];
    const key = { id, organizationId, name: 'x', hash: Buffer.from('x'), last4: 'x', createdById: admin.id };

    await db.user.create({ data: { id: userId } });
    await db.membership.create({ data: { userId, organizationId, role: 'MEMBER' } });
    await db.membership.updateMany({ where: { userId }, data: { role: 'ADMIN', organizationId: other } });
    await db.membership.deleteMany({ where: { userId } });
    await db.user.delete({ where: { id: userId } });
    await db.apiKey.create({ data: { ...key, createdAt: new Date() } });
    await db.apiKey.update({ where: { id }, data: { revokedAt: new Date() } });
    await db.apiKey.delete({ where: { id } });
    await db.organization.create({ data: { id: 'org_told' } });
    await db.organization.delete({ where: { id: 'org_told' } });

    const added = [userId, organizationId];
    const moved = [userId, organizationId, other];
    const removed = [userId, other];
    const ids = [...added, ...moved, ...removed, userId, id, id, 'org_told'];
    await expect.poll(() => told).toEqual([connected, ...ids.map((each) => ({ kind: 'change', id: each }))]);
  });

  it('tells whose settings, configurations, keys and exceptions were changed past the ledger, but not that a key was used', async () => {
    const { feed, told } = aFeed();
    await expect.poll(() => feed.isConnected).toBe(true);
    const { id: organizationId } = organization;
    const now = new Date();
    const of = { organizationId, provider: 'openai', createdAt: now, updatedAt: now };
    const key = { ...of, id: 'key_told', name: 'x', sealed: Buffer.from('x'), masterKeyId: 'x', last4: 'x' };
    const exception = {
      ...{ organizationId, id: 'exc_told', subjectId: 'role_member', models: ['gpt-4o'], state: 'GRANTED' as const },
      ...{ until: now, reason: 'x', createdAt: now, decidedAt: now },
    };
    const config = { ...of, id: 'cfg_told', modelId: 'gpt-4o', creatorId: admin.id };

    await db.modelSettings.create({ data: { organizationId, updatedAt: now } });
    await db.modelSettings.update({ where: { organizationId }, data: { disabledModels: ['gpt-4o'] } });
    await db.modelConfig.create({ data: config });
    await db.modelConfig.delete({ where: { id: config.id } });
    await db.providerKey.create({ data: key });
    await db.providerKey.update({ where: { id: key.id }, data: { lastUsedAt: now } });
    await db.providerKey.update({ where: { id: key.id }, data: { isActive: false } });
    await db.providerKey.delete({ where: { id: key.id } });
    await db.modelException.create({ data: exception });
    await db.modelException.updateMany({ where: { organizationId }, data: { state: 'REVOKED' } });
    await db.modelException.deleteMany({ where: { organizationId } });
    await reviseQuickly(db, organization, { as: admin, times: 1 });

    const changes = Array.from({ length: 10 }, () => ({ kind: 'change', id: organizationId }));
    await expect.poll(() => told).toEqual([connected, ...changes, revisionOf(organization)]);
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
