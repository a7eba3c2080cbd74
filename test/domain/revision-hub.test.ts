import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../src/database/pool/client.ts';
import type { ChangeFeed, FeedEvent } from '../../src/domain/feed/change-feed.ts';
import { createRevisionHub } from '../../src/domain/feed/revision-hub.ts';
import type { Follower, RevisionStream } from '../../src/domain/feed/revision-stream.ts';
import { limitsOf } from '../../src/limits.ts';
import { createTestDatabase } from '../kit/database.ts';
import { reviseQuickly } from '../kit/subscriptions.ts';
import { buildWorld } from '../kit/world.ts';

const database = await createTestDatabase();
const db = createDatabase(database.url);
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

/** A hub that never looks by itself, what it hears of, and an organization with one revision. */
async function aHub() {
  const listeners = new Set<(event: FeedEvent) => void>();
  const subscribe: ChangeFeed['subscribe'] = (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const changeFeed: ChangeFeed = { isConnected: true, subscribe, close: async () => {} };
  const limits = { ...limitsOf(), subscriptions: 3, viewerSubscriptions: 2 };
  const hub = createRevisionHub({ db, changeFeed, limits, checkMs: 1_000_000_000 });
  onTestFinished(hub.close);
  const { organization, owner } = await buildWorld(db);
  const revise = () => reviseQuickly(db, organization, { as: owner, times: 1 });
  await revise();
  const follow = (id: string, sinceRevision?: unknown) => hub.follow(organization.id, aFollower(id), { sinceRevision });
  const tell = (event: FeedEvent) => {
    for (const listener of listeners) listener(event);
  };
  return { hub, organization, owner, revise, follow, tell };
}

function aFollower(id: string): Follower {
  const { signal } = new AbortController();
  return { id, reauthorize: async () => {}, validForMs: Number.POSITIVE_INFINITY, signal, disconnect: () => {} };
}

const next = async (stream: RevisionStream) => (await stream.next()).value?.number;

describe('the hub of revisions', () => {
  it('tells what the feed tells, from now on or after the revision that is named', async () => {
    const { organization, revise, follow, tell } = await aHub();
    const [late, early] = [await follow('usr_a'), await follow('usr_b', 0)];
    expect(await next(early)).toBe(1);
    await revise();

    tell({ kind: 'revision', organizationId: organization.id, revision: 2 });

    expect([await next(late), await next(early)]).toEqual([2, 2]);
  });

  it('names the actor of a revision as the user is called now, also one that was told before', async () => {
    const { owner, follow, tell } = await aHub();
    const actorTo = async (id: string) => (await (await follow(id, 0)).next()).value?.actor?.name;
    expect(await actorTo('usr_a')).toBe(owner.name);
    await db.user.update({ where: { id: owner.id }, data: { name: 'Mara Lindqvist' } });

    tell({ kind: 'change', id: owner.id });

    expect(await actorTo('usr_b')).toBe('Mara Lindqvist');
  });

  it('catches up with what was not told once the feed is back', async () => {
    const { revise, follow, tell } = await aHub();
    const stream = await follow('usr_a');
    await revise();

    tell({ kind: 'connected' });

    expect(await next(stream)).toBe(2);
  });

  it('has so many places, also for one follower, which are free again', async () => {
    const { follow } = await aHub();
    const codeOf = (id: string, since?: number) =>
      follow(id, since).then(
        (stream) => stream.return().then(() => 'OK'),
        ({ code }) => code,
      );
    const open = [await follow('usr_a'), await follow('usr_a')];

    const taken = [await codeOf('usr_a'), await codeOf('usr_b'), await codeOf('usr_b', 2), await codeOf('usr_b', -1)];
    const third = await follow('usr_b');
    const full = await codeOf('usr_c');
    for (const stream of [...open, third]) await stream.return();

    expect(taken).toEqual(['RATE_LIMITED', 'OK', 'VALIDATION_ERROR', 'VALIDATION_ERROR']);
    expect([full, await codeOf('usr_c'), await codeOf('usr_a')]).toEqual(['RATE_LIMITED', 'OK', 'OK']);
  });

  it('ends all streams when it is closed, and lets nobody follow then', async () => {
    const { hub, follow } = await aHub();
    const stream = await follow('usr_a');

    hub.close();

    expect(await stream.next()).toEqual({ done: true, value: undefined });
    await expect(follow('usr_a')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});
