import pg from 'pg';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { mint, tokenOf } from '../kit/issuer.ts';
import { anApiKey } from '../kit/keys.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { aPlatformKey } from '../kit/platform-keys.ts';
import { startService } from '../kit/service.ts';
import { followSnapshot } from '../kit/snapshot-streams.ts';
import { aMember, type World } from '../kit/world.ts';

const limits = { snapshotStreams: 7, organizationSnapshotStreams: 4, viewerSnapshotStreams: 3 };
const service = await startService({ limits });
const { aWorld, db, snapshotHub } = service;
const { url, close } = await listenOnLoopback(service.listener);
afterAll(close);

const open: Awaited<ReturnType<typeof followSnapshot>>[] = [];
async function follow(world: Pick<World, 'organization'>, token: string, at = url) {
  const stream = await followSnapshot(at, world, token);
  open.push(stream);
  return stream;
}

/** Answers the statuses of so many streams, opened one after another. */
async function statusesOf(count: number, world: World, token: string) {
  const statuses = [];
  for (let n = 0; n < count; n += 1) statuses.push((await follow(world, token)).response.status);
  return statuses;
}

async function leaveAll() {
  await Promise.all(open.splice(0).map(({ leave }) => leave()));
  await vi.waitUntil(() => snapshotHub.open === 0, { timeout: 10_000 });
}

/** Holds up whoever reads the settings of any organization. */
async function lockSettings() {
  const holder = new pg.Client(service.database.ownerUrl);
  await holder.connect();
  onTestFinished(() => holder.end());
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE "ModelSettings" IN ACCESS EXCLUSIVE MODE');
  const waiting = `SELECT FROM pg_locks WHERE NOT granted AND relation = '"ModelSettings"'::regclass`;
  return {
    areAwaited: () =>
      expect.poll(async () => (await holder.query(waiting)).rowCount, { timeout: 10_000 }).toBeGreaterThan(0),
    release: () => holder.query('COMMIT'),
  };
}

describe('the limits of streams', () => {
  it('count the streams of one viewer, in all organizations', async () => {
    onTestFinished(leaveAll);
    const [world, other] = [await aWorld(), await aWorld()];
    const where = { organizationId: other.organization.id, userId: world.admin.id };
    await db.membership.create({ data: { ...where, role: 'ADMIN' } });
    await service.heard();
    const token = await tokenOf(world.admin);

    const here = await statusesOf(2, world, token);
    const there = await statusesOf(2, other, token);

    expect([here, there]).toEqual([
      [200, 200],
      [200, 429],
    ]);
    expect(Number(open.at(-1)?.response.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('count the streams of an organization, whichever of its keys opened them, and leave room for others', async () => {
    onTestFinished(leaveAll);
    const [world, other] = [await aWorld(), await aWorld()];
    const [one, two] = [await anApiKey(service, world, ['READ']), await anApiKey(service, world, ['READ'])];
    const stranger = await anApiKey(service, other, ['READ']);

    const first = await statusesOf(3, world, one.token);
    const second = await statusesOf(2, world, two.token);

    expect([first, second]).toEqual([
      [200, 200, 200],
      [200, 429],
    ]);
    expect(await statusesOf(1, other, stranger.token)).toEqual([200]);
  });

  it('give a place back, and let a platform key follow as many organizations as the process may', async () => {
    onTestFinished(leaveAll);
    const key = await aPlatformKey(db, ['read']);
    const worlds = [await aWorld(), await aWorld(), await aWorld(), await aWorld()];
    const statuses = [];
    for (const world of worlds) statuses.push(...(await statusesOf(2, world, key.token)));

    await open[0]?.leave();
    await vi.waitUntil(() => snapshotHub.open === 6, { timeout: 10_000 });

    expect(statuses).toEqual([...Array(7).fill(200), 429]);
    expect(await statusesOf(2, worlds[3] as World, key.token)).toEqual([200, 429]);
  });

  it('hold for streams that are opened at the same time', async () => {
    onTestFinished(leaveAll);
    const world = await aWorld();
    const { token } = await anApiKey(service, world, ['READ']);
    const settings = await lockSettings();

    const opening = Array.from({ length: 20 }, () => follow(world, token));
    await settings.areAwaited();
    await settings.release();
    await Promise.all(opening);
    const [ended, refused] = [200, 429].map((status) => open.filter(({ response }) => response.status === status));

    await vi.waitUntil(() => ended?.filter(({ isOver }) => !isOver()).length === 3, { timeout: 10_000 });
    expect(snapshotHub.open).toBe(3);
    expect((refused?.length ?? 0) + (ended?.length ?? 0)).toBe(20);
    for (const { events } of ended?.filter(({ isOver }) => isOver()) ?? [])
      expect(events).toEqual([{ event: 'end', data: '{"code":"RATE_LIMITED"}' }]);
  });
});

describe('the right to follow', () => {
  it('is asked anew where it may have been lost while the stream was opened', async () => {
    onTestFinished(leaveAll);
    const instance = service.anotherInstance();
    const { url: at, close: end } = await listenOnLoopback(instance.listener);
    onTestFinished(end);
    await vi.waitUntil(() => instance.lease.isHeld, { timeout: 10_000 });
    const [world, other] = [await aWorld(), await aWorld()];
    const key = await aPlatformKey(db, ['read']);
    // From now on the key is cached, and the state of the other organization is not.
    for (let n = 0; n < 2; n += 1) await (await follow(world, key.token, at)).after(0);
    const settings = await lockSettings();

    const opening = follow(other, key.token, at);
    await settings.areAwaited();
    await db.platformKey.update({ where: { id: key.id }, data: { revokedAt: new Date() } });
    await Promise.all(open.map(({ over }) => over()));
    await settings.release();
    const stream = await opening;
    await stream.over();

    expect(stream.events.at(-1)).toEqual({ event: 'end', data: '{"code":"AUTHENTICATION_REQUIRED"}' });
  });

  it('is asked of each stream by what it follows from: a role of a token is no membership', async () => {
    onTestFinished(leaveAll);
    const world = await aWorld();
    const { organization } = world;
    const user = await aMember(db, organization, 'ADMIN');
    const saying = await follow(world, await mint({ sub: user.id, v: 2, o: { id: organization.id, rol: 'admin' } }));
    const stored = await follow(world, await tokenOf(user));
    await Promise.all([saying.after(0), stored.after(0)]);

    await db.membership.delete({
      where: { organizationId_userId: { userId: user.id, organizationId: organization.id } },
    });
    await stored.over();

    expect(stored.events.at(-1)).toEqual({ event: 'end', data: '{"code":"ORGANIZATION_ACCESS_DENIED"}' });
    expect(saying.isOver()).toBe(false);
  });
});
