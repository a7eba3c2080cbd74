import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { mint, tokenOf } from '../kit/issuer.ts';
import { anApiKey, RevokeApiKey } from '../kit/keys.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import { followSnapshot } from '../kit/snapshot-streams.ts';
import { teamChangesOf } from '../kit/teams.ts';
import { aMember, type World } from '../kit/world.ts';

const service = await startService({ heartbeats: { heartbeatMs: 240 } });
const { aWorld, ask, db, snapshotHub } = service;
const { url, close } = await listenOnLoopback(service.listener);
afterAll(close);
const teams = teamChangesOf(service);

const follow = (world: World, token: string, query = '', at = url) => followSnapshot(at, world, token, query);

const disable = ({ organization, admin }: World, model: string) =>
  ask(UpdateSettings, { input: { organizationId: organization.id, disabledModels: [model] } }, { as: admin });

describe('GET /v1/organizations/{organization_id}/snapshot/stream', () => {
  it('tells the present stamp, and that of each change, once', async () => {
    const world = await aWorld();
    const { token } = await anApiKey(service, world, ['READ']);
    const other = await aWorld();

    const stream = await follow(world, token);
    await stream.after(0);
    await disable(other, 'gpt-4o');
    await disable(world, 'gpt-4o');
    await stream.after(1);
    await disable(world, 'gpt-4.1');
    await stream.after(2);

    expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
    expect(stream.response.headers.get('cache-control')).toBe('no-store');
    expect(stream.events.map(({ event, id }) => `${event} ${id?.split('.')[0]}`)).toEqual([
      'changed 1',
      'changed 2',
      'changed 3',
    ]);
    expect(JSON.parse(stream.events[2]?.data ?? '')).toMatchObject({ revision: 3 });
    await stream.leave();
  });

  it('brings the snapshot itself where that is asked for, as it would be answered', async () => {
    const world = await aWorld();
    const { token } = await anApiKey(service, world, ['READ']);
    const stream = await follow(world, token, '?inline=true');
    await stream.after(0);

    await disable(world, 'gpt-4o');
    const event = JSON.parse((await stream.after(1))?.data ?? '');
    const answer = await fetch(`${url}/v1/organizations/${world.organization.id}/snapshot`, {
      headers: { authorization: `Bearer ${token}` },
    });

    expect(event).toMatchObject({ revision: 2, etag: answer.headers.get('etag'), snapshot: await answer.text() });
    await stream.leave();
  });

  it('brings no snapshot to a key that was just revoked, nor one that is long', async () => {
    const world = await aWorld();
    const key = await anApiKey(service, world, ['READ']);
    const stream = await follow(world, key.token, '?inline=true');
    const lasting = await follow(world, await tokenOf(world.admin), '?inline=true');
    await Promise.all([stream.after(0), lasting.after(0)]);

    await ask(RevokeApiKey, { input: { id: key.id } }, { as: world.owner });
    await stream.over();
    await lasting.after(1);
    const models = Array.from({ length: 200 }, (_, n) => `${'x'.repeat(100)}-${n}`);
    await ask(
      UpdateSettings,
      { input: { organizationId: world.organization.id, disabledModels: models } },
      { as: world.admin },
    );
    await lasting.after(2);

    expect(stream.events.filter(({ data }) => data?.includes('"snapshot"'))).toEqual([]);
    expect(lasting.events.map(({ data }) => data?.includes('"snapshot"'))).toEqual([false, true, false]);
    await lasting.leave();
  });

  it('tells of what was changed past the ledger, and of the roles and teams of members', async () => {
    const world = await aWorld();
    const { id: organizationId } = world.organization;
    const { id: teamId } = await teams.created(world);
    const stream = await follow(world, await tokenOf(world.admin), `?subjects=${world.member.id}`);
    await stream.after(0);
    const isTold = async (change: PromiseLike<unknown>) => {
      const before = stream.events.length;
      await change;
      await stream.after(before);
      await service.heard();
    };
    const where = { organizationId_userId: { organizationId, userId: world.member.id } };

    await isTold(db.modelSettings.create({ data: { organizationId, policy: {}, updatedAt: new Date() } }));
    await isTold(db.teamMember.create({ data: { organizationId, teamId, userId: world.member.id } }));
    await isTold(db.membership.update({ where, data: { role: 'ADMIN' } }));

    await stream.leave();
  });

  it('tells nothing of subjects of other organizations, whoever asks for them', async () => {
    const [world, other] = [await aWorld(), await aWorld()];
    const foreign = await anApiKey(service, other, ['READ']);
    const subjects = [other.member.id, foreign.id, (await teams.created(other)).id];
    const { token } = await anApiKey(service, world, ['READ']);
    const stream = await follow(world, token, `?subjects=${subjects}`);
    await stream.after(0);

    await db.user.update({ where: { id: other.member.id }, data: { name: 'Another' } });
    const where = { organizationId_userId: { organizationId: other.organization.id, userId: other.member.id } };
    await db.membership.update({ where, data: { role: 'ADMIN' } });
    await ask(RevokeApiKey, { input: { id: foreign.id } }, { as: other.owner });
    await service.heard();
    await disable(world, 'gpt-4o');
    await stream.after(1);

    expect(stream.events.map(({ id }) => id?.split('.')[0])).toEqual(['1', '2']);
    await stream.leave();
  });

  it('is kept open by comments, and forgotten when the client leaves', async () => {
    const world = await aWorld();
    const before = snapshotHub.open;
    const stream = await follow(world, await tokenOf(world.admin));
    await vi.waitUntil(() => stream.comments() >= 2, { timeout: 10_000 });
    expect(snapshotHub.open).toBe(before + 1);

    await stream.leave();

    await vi.waitUntil(() => snapshotHub.open === before, { timeout: 10_000 });
  });

  it('ends with the API key, and with no other', async () => {
    const world = await aWorld();
    const [key, kept] = [await anApiKey(service, world, ['READ']), await anApiKey(service, world, ['READ'])];
    const [ending, lasting] = [await follow(world, key.token), await follow(world, kept.token)];

    await ask(RevokeApiKey, { input: { id: key.id } }, { as: world.owner });
    await ending.over();
    await disable(world, 'gpt-4o');
    await vi.waitUntil(() => lasting.events.at(-1)?.id?.startsWith('4.'), { timeout: 10_000 });

    expect(ending.events.at(-1)).toEqual({ event: 'end', data: '{"code":"AUTHENTICATION_REQUIRED"}' });
    expect(lasting.events.map(({ event }) => event)).not.toContain('end');
    await lasting.leave();
  });

  it('ends with the role, the membership, and the token', async () => {
    const world = await aWorld();
    const { organization } = world;
    const [demoted, removed] = [await aMember(db, organization, 'ADMIN'), await aMember(db, organization, 'ADMIN')];
    const soon = await mint({ sub: world.admin.id, exp: Math.floor(Date.now() / 1000) + 2 });
    const streams = [
      await follow(world, await tokenOf(demoted)),
      await follow(world, await tokenOf(removed)),
      await follow(world, soon),
    ];

    const keyOf = (userId: string) => ({ organizationId_userId: { userId, organizationId: organization.id } });
    await db.membership.update({ where: keyOf(demoted.id), data: { role: 'MEMBER' } });
    await db.membership.delete({ where: keyOf(removed.id) });
    await Promise.all(streams.map(({ over }) => over()));

    const ends = streams.map(({ events }) => JSON.parse(events.at(-1)?.data ?? '').code);
    expect(ends).toEqual(['INSUFFICIENT_PERMISSIONS', 'ORGANIZATION_ACCESS_DENIED', 'AUTHENTICATION_REQUIRED']);
  });

  it('tells of changes, and ends with the API key, also where no notification arrives', async () => {
    const deaf = service.anotherInstance({ feedUrl: 'postgresql://nobody@127.0.0.1:1/nowhere' });
    const { url: at, close: end } = await listenOnLoopback(deaf.listener);
    onTestFinished(end);
    const world = await aWorld();
    const key = await anApiKey(service, world, ['READ']);
    const stream = await follow(world, key.token, '?inline=true', at);
    await stream.after(0);

    await disable(world, 'gpt-4o');
    await stream.after(1);
    await ask(RevokeApiKey, { input: { id: key.id } }, { as: world.owner });
    await stream.over();

    expect(stream.events.map(({ event }) => event)).toEqual(expect.arrayContaining(['changed', 'end']));
    expect(stream.events.at(-1)).toEqual({ event: 'end', data: '{"code":"AUTHENTICATION_REQUIRED"}' });
  });

  it('is silent while the revisions cannot be read', async () => {
    const broken = await startService({ heartbeats: { heartbeatMs: 120 } });
    const { url: at, close: end } = await listenOnLoopback(broken.listener);
    onTestFinished(end);
    const world = await broken.aWorld();
    const stream = await follow(world, (await anApiKey(broken, world, ['READ'])).token, '', at);
    await vi.waitUntil(() => stream.comments() > 0, { timeout: 10_000 });
    const owner = new pg.Client(broken.database.ownerUrl);
    await owner.connect();

    await owner.query('ALTER TABLE "Organization" RENAME TO "Elsewhere"');
    await sleep(500);
    const before = stream.comments();
    await sleep(500);
    const meanwhile = stream.comments() - before;
    await owner.query('ALTER TABLE "Elsewhere" RENAME TO "Organization"');
    await owner.end();

    expect(meanwhile).toBe(0);
    await vi.waitUntil(() => stream.comments() > before, { timeout: 10_000 });
    await stream.leave();
  });

  it('ends when the service stops, which opens no other', async () => {
    const stopping = await startService();
    const { url: at, close: end } = await listenOnLoopback(stopping.listener);
    onTestFinished(end);
    const world = await stopping.aWorld();
    const { token } = await anApiKey(stopping, world, ['READ']);
    const stream = await follow(world, token, '', at);
    await stream.after(0);

    stopping.snapshotHub.close();
    await stream.over();

    expect(stream.events.at(-1)).toEqual({ event: 'end', data: '{"code":"SERVICE_UNAVAILABLE"}' });
    expect((await follow(world, token, '', at)).response.status).toBe(503);
  });
});
