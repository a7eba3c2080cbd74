import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { mint, tokenOf } from '../kit/issuer.ts';
import { anApiKey, RevokeApiKey } from '../kit/keys.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import { teamChangesOf } from '../kit/teams.ts';
import { aMember, type World } from '../kit/world.ts';

const limits = { viewerSnapshotStreams: 3 };
const service = await startService({ limits, heartbeats: { heartbeatMs: 240 } });
const { aWorld, ask, db, snapshotHub } = service;
const { url, close } = await listenOnLoopback(service.listener);
afterAll(close);
const teams = teamChangesOf(service);

interface Event {
  id?: string;
  event?: string;
  data?: string;
}

/** Follows the snapshot of a world by a port. */
async function follow({ organization }: World, token: string, query = '', at = url) {
  const leaving = new AbortController();
  const response = await fetch(`${at}/v1/organizations/${organization.id}/snapshot/stream${query}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: leaving.signal,
  });
  const events: Event[] = [];
  let comments = 0;
  let isOver = false;
  const read = async () => {
    let rest = '';
    for await (const chunk of response.body ?? []) {
      rest += Buffer.from(chunk).toString();
      const parts = rest.split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        if (part.startsWith(':')) comments += 1;
        else events.push(Object.fromEntries(part.split('\n').map((line) => line.split(/: (.*)/, 2))));
      }
    }
  };
  const reading = read()
    .catch(() => {})
    .finally(() => {
      isOver = true;
    });
  return {
    response,
    events,
    comments: () => comments,
    /** Resolves with the event after so many. */
    after: async (count: number) => {
      await vi.waitUntil(() => events.length > count, { timeout: 10_000 });
      return events[count];
    },
    over: () => vi.waitUntil(() => isOver, { timeout: 10_000 }),
    leave: async () => {
      leaving.abort();
      await reading;
    },
  };
}

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

  it('tells of what was changed past the ledger, and of the subjects that are asked for', async () => {
    const world = await aWorld();
    const { id: teamId } = await teams.created(world);
    const token = await tokenOf(world.admin);
    const plain = await follow(world, token);
    const asking = await follow(world, token, `?subjects=${world.member.id}`);
    await Promise.all([plain.after(0), asking.after(0)]);

    await db.user.update({ where: { id: world.member.id }, data: { name: 'Another' } });
    await asking.after(1);
    const before = plain.events.length;
    await db.modelSettings.create({
      data: { organizationId: world.organization.id, policy: {}, updatedAt: new Date() },
    });
    await plain.after(1);

    expect(teamId).toMatch(/^team_/);
    expect(before).toBe(1);
    await Promise.all([plain.leave(), asking.leave()]);
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

  it('is refused to one who has too many open', async () => {
    const world = await aWorld();
    const { token } = await anApiKey(service, world, ['READ']);
    const streams = [await follow(world, token), await follow(world, token), await follow(world, token)];

    const { response } = await follow(world, token);

    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    await Promise.all(streams.map(({ leave }) => leave()));
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
