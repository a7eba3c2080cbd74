import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TaggedCache } from '../../src/cache/tagged-cache.ts';
import { type CacheLimits, createTags, type Tags } from '../../src/cache/tags.ts';
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
  const tags = createTags({ changeFeed, lease, limits, awaitPeers: async () => {} });
  return { changeFeed, lease, tags, tell };
}

const revisionOf = (organizationId: string): FeedEvent => ({ kind: 'revision', organizationId, revision: 1 });

describe('a tag', () => {
  it('is one for all who ask for it, until something has changed', () => {
    const { tags, tell } = aFeed();
    const [first, again, other, user] = ['org_a', 'org_a', 'org_b', 'usr_a'].map(tags.take);

    tell(revisionOf('org_a'));
    tell({ kind: 'change', id: 'usr_a' });

    expect(again).toBe(first);
    expect([first, other, user].map((tag) => tag?.isCurrent)).toEqual([false, true, false]);
    expect(tags.take('org_a')).not.toBe(first);
    expect(tags.take('org_a').isCurrent).toBe(true);
  });

  it('ends where a change was made here, before anybody tells of it', () => {
    const { tags } = aFeed();
    const tag = tags.take('org_a');

    tags.invalidate('org_a');

    expect(tag.isCurrent).toBe(false);
  });

  it('ends when the feed goes and when it comes, and none is current between', () => {
    const { changeFeed, tags, tell } = aFeed();
    const before = tags.take('org_a');
    let meanwhile: { isTold: boolean; isCurrent: boolean } | undefined;
    changeFeed.subscribe(({ kind }) => {
      const { isLive: isTold } = tags;
      if (kind === 'disconnected') meanwhile = { isTold, isCurrent: tags.take('org_a').isCurrent };
    });

    tell({ kind: 'disconnected' });
    const between = tags.take('org_a');
    tell({ kind: 'connected' });
    const after = tags.take('org_a');
    tell({ kind: 'connected' });

    expect(meanwhile).toEqual({ isTold: false, isCurrent: false });
    expect([before, between, after].map(({ isCurrent }) => isCurrent)).toEqual([false, false, false]);
    expect(tags.take('org_a').isCurrent).toBe(true);
  });

  it('cannot be had while there is no lease, although the feed is connected', () => {
    const { tags, lease } = aFeed();

    lease.runOut();

    expect([tags.isLive, tags.take('org_a').isCurrent]).toEqual([false, false]);
  });

  it('ends where there are too many, those asked for longest ago first', () => {
    const { tags } = aFeed({ bytes: 1, entries: 2 });
    const [a, b] = ['org_a', 'org_b'].map(tags.take);
    for (let use = 0; use < 500; use += 1) tags.take('org_a'); // One use alone may go unnoticed.

    expect([a, b, tags.take('org_c')].map((tag) => tag?.isCurrent)).toEqual([true, false, true]);
  });

  it.each([
    { bytes: 0, entries: 2 },
    { bytes: 1, entries: 0 },
  ])('is never current where nothing shall be cached: %j', (limits) => {
    const { tags } = aFeed(limits);

    expect(tags.isLive).toBe(false);
    expect(tags.take('org_a').isCurrent).toBe(false);
  });

  it('ends when the process does', () => {
    const { tags } = aFeed();
    const tag = tags.take('org_a');

    tags.close();

    expect([tag, tags.take('org_a')].map(({ isCurrent }) => isCurrent)).toEqual([false, false]);
  });
});

describe('what is cached under a tag', () => {
  it('is there for as long as the tag is current', () => {
    const { tags } = aFeed();
    const cached = new TaggedCache<string>();
    const tag = tags.take('org_a');

    cached.set(tag, 'as it is');
    const found = cached.get(tags.take('org_a'));
    tags.invalidate('org_a');
    cached.set(tag, 'too late');

    expect(found).toBe('as it is');
    expect([tag, tags.take('org_a')].map((tag) => cached.get(tag))).toEqual([undefined, undefined]);
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
  const { changeFeed, lease, tags, tell } = aFeed({ bytes: 1, entries: 2 });
  const cached = new TaggedCache<number>();
  const ids = ['org_a', 'org_b'];
  const state = new Map(ids.map((id) => [id, 0]));
  /** The state that everyone must know of. */
  const told = new Map(ids.map((id) => [id, 0]));
  const untold: { id: string; number: number }[] = [];
  const reading = new Map<string, { tag: ReturnType<Tags['take']>; value?: number }>();
  const change = (id: string) => {
    const number = (state.get(id) ?? 0) + 1;
    state.set(id, number);
    if (changeFeed.isConnected) untold.push({ id, number });
    return number;
  };

  return {
    open: (id: string) => void reading.set(id, { tag: tags.take(id) }),
    read: (id: string) => {
      const begun = reading.get(id);
      if (begun) begun.value = state.get(id) ?? 0;
    },
    keep: (id: string) => {
      const { tag, value } = reading.get(id) ?? {};
      if (tag && value !== undefined) cached.set(tag, value);
    },
    change: (id: string) => void change(id),
    changeHere: (id: string) => {
      const number = change(id);
      tags.invalidate(id);
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
    evict: () => void tags.take('org_c'),
    check: () => {
      for (const id of ids) {
        const value = cached.get(tags.take(id));
        if (value === undefined) continue;
        expect(lease.isHeld).toBe(true);
        expect(value).toBeGreaterThanOrEqual(told.get(id) ?? 0);
      }
    },
  };
}
