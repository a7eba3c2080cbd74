import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CacheLimits, createFreshness, type Freshness } from '../../src/cache/freshness.ts';
import { createRemembered } from '../../src/cache/remembered.ts';
import type { ChangeFeed, FeedEvent } from '../../src/domain/feed/change-feed.ts';

/** A feed that tells what it is told to, and a lease that is held while it is connected and has not run out. */
function aFeed(limits?: CacheLimits) {
  const listeners = new Set<(event: FeedEvent) => void>();
  let isConnected = true;
  let isHeld = true;
  const changeFeed: ChangeFeed = {
    get isConnected() {
      return isConnected;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {},
  };
  const tell = (event: FeedEvent) => {
    if (event.kind === 'connected' || event.kind === 'disconnected') {
      isConnected = event.kind === 'connected';
      isHeld = isConnected;
    }
    for (const listener of listeners) listener(event);
  };
  const lease = {
    get isHeld() {
      return isHeld;
    },
    runOut: () => {
      isHeld = false;
    },
  };
  const freshness = createFreshness({ changeFeed, lease, limits, awaitPeers: async () => {} });
  return { changeFeed, lease, freshness, tell };
}

const revisionOf = (organizationId: string): FeedEvent => ({ kind: 'revision', organizationId, revision: 1 });

describe('a mark', () => {
  it('is one for all who ask for it, until something has changed', () => {
    const { freshness, tell } = aFeed();
    const [first, again, other, user] = ['org_a', 'org_a', 'org_b', 'usr_a'].map(freshness.open);

    tell(revisionOf('org_a'));
    tell({ kind: 'change', id: 'usr_a' });

    expect(again).toBe(first);
    expect([first, other, user].map((mark) => mark?.isCurrent)).toEqual([false, true, false]);
    expect(freshness.open('org_a')).not.toBe(first);
    expect(freshness.open('org_a').isCurrent).toBe(true);
  });

  it('ends where a change was made here, before anybody tells of it', () => {
    const { freshness } = aFeed();
    const mark = freshness.open('org_a');

    freshness.end('org_a');

    expect(mark.isCurrent).toBe(false);
  });

  it('ends when the feed goes and when it comes, and none is current between', () => {
    const { changeFeed, freshness, tell } = aFeed();
    const before = freshness.open('org_a');
    let meanwhile: { isTold: boolean; isCurrent: boolean } | undefined;
    changeFeed.subscribe(({ kind }) => {
      const { isTold } = freshness;
      if (kind === 'disconnected') meanwhile = { isTold, isCurrent: freshness.open('org_a').isCurrent };
    });

    tell({ kind: 'disconnected' });
    const between = freshness.open('org_a');
    tell({ kind: 'connected' });
    const after = freshness.open('org_a');
    tell({ kind: 'connected' });

    expect(meanwhile).toEqual({ isTold: false, isCurrent: false });
    expect([before, between, after].map(({ isCurrent }) => isCurrent)).toEqual([false, false, false]);
    expect(freshness.open('org_a').isCurrent).toBe(true);
  });

  it('cannot be had while there is no lease, although the feed is connected', () => {
    const { freshness, lease } = aFeed();

    lease.runOut();

    expect([freshness.isTold, freshness.open('org_a').isCurrent]).toEqual([false, false]);
  });

  it('ends where there are too many, those asked for longest ago first', () => {
    const { freshness } = aFeed({ bytes: 1, entries: 2 });
    const [a, b] = ['org_a', 'org_b'].map(freshness.open);
    for (let use = 0; use < 500; use += 1) freshness.open('org_a'); // One use alone may go unnoticed.

    expect([a, b, freshness.open('org_c')].map((mark) => mark?.isCurrent)).toEqual([true, false, true]);
  });

  it.each([
    { bytes: 0, entries: 2 },
    { bytes: 1, entries: 0 },
  ])('is never current where nothing shall be remembered: %j', (limits) => {
    const { freshness } = aFeed(limits);

    expect(freshness.isTold).toBe(false);
    expect(freshness.open('org_a').isCurrent).toBe(false);
  });

  it('ends when the process does', () => {
    const { freshness } = aFeed();
    const mark = freshness.open('org_a');

    freshness.close();

    expect([mark, freshness.open('org_a')].map(({ isCurrent }) => isCurrent)).toEqual([false, false]);
  });
});

describe('what is remembered under a mark', () => {
  it('is there for as long as the mark is current', () => {
    const { freshness } = aFeed();
    const remembered = createRemembered<string>();
    const mark = freshness.open('org_a');

    remembered.keep(mark, 'as it is');
    const found = remembered.find(freshness.open('org_a'));
    freshness.end('org_a');
    remembered.keep(mark, 'too late');

    expect(found).toBe('as it is');
    expect([mark, freshness.open('org_a')].map(remembered.find)).toEqual([undefined, undefined]);
  });

  /** A reading takes two steps, a change is told of some time after it is made: nothing is in step with anything. */
  const steps = fc.array(
    fc.record({
      what: fc.constantFrom(
        'open',
        'read',
        'keep',
        'change',
        'changeHere',
        'tell',
        'runOut',
        'lose',
        'regain',
        'evict',
      ),
      id: fc.constantFrom('org_a', 'org_b'),
    }),
    { minLength: 30, maxLength: 60, size: 'max' },
  );

  it('is never older than the last change that was told of, whatever comes between', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const world = aWorld();
        for (const { what, id } of all) {
          world[what](id);
          world.check();
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** Two organizations whose state is a number, and one process that reads them. */
function aWorld() {
  const { changeFeed, lease, freshness, tell } = aFeed({ bytes: 1, entries: 2 });
  const remembered = createRemembered<number>();
  const ids = ['org_a', 'org_b'];
  const state = new Map(ids.map((id) => [id, 0]));
  /** The state that everyone must know of. */
  const told = new Map(ids.map((id) => [id, 0]));
  const untold: { id: string; number: number }[] = [];
  const reading = new Map<string, { mark: ReturnType<Freshness['open']>; value?: number }>();
  const change = (id: string) => {
    const number = (state.get(id) ?? 0) + 1;
    state.set(id, number);
    if (changeFeed.isConnected) untold.push({ id, number });
    return number;
  };

  return {
    open: (id: string) => void reading.set(id, { mark: freshness.open(id) }),
    read: (id: string) => {
      const begun = reading.get(id);
      if (begun) begun.value = state.get(id) ?? 0;
    },
    keep: (id: string) => {
      const { mark, value } = reading.get(id) ?? {};
      if (mark && value !== undefined) remembered.keep(mark, value);
    },
    change: (id: string) => void change(id),
    changeHere: (id: string) => {
      const number = change(id);
      freshness.end(id);
      told.set(id, number);
    },
    tell: () => {
      const next = untold.shift();
      if (!next) return;
      tell(revisionOf(next.id));
      told.set(next.id, Math.max(next.number, told.get(next.id) ?? 0));
    },
    lose: () => {
      untold.length = 0;
      tell({ kind: 'disconnected' });
    },
    regain: () => {
      untold.length = 0;
      tell({ kind: 'connected' });
      for (const [id, number] of state) told.set(id, number);
    },
    // A change is not held up any more, and not told of yet.
    runOut: () => {
      lease.runOut();
      for (const [id, number] of state) told.set(id, number);
    },
    evict: () => void freshness.open('org_c'),
    check: () => {
      for (const id of ids) {
        const value = remembered.find(freshness.open(id));
        if (value === undefined) continue;
        expect(lease.isHeld).toBe(true);
        expect(value).toBeGreaterThanOrEqual(told.get(id) ?? 0);
      }
    },
  };
}
