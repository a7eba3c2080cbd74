import { describe, expect, it } from 'vitest';
import { Dependencies, TrackedDatabase } from '../../src/cache/dependencies.ts';
import { TaggedCache } from '../../src/cache/tagged-cache.ts';
import { createTags, type Tags } from '../../src/cache/tags.ts';
import type { Database } from '../../src/database/pool/client.ts';
import { CachingLoader, ReadyLoader } from '../../src/domain/reading/loader.ts';

const newFreshness = () =>
  createTags({
    changeFeed: { subscribe: () => () => {} },
    lease: { isHeld: true },
    awaitPeers: async () => {},
  });

/** Requests of one process, each of which reads the number that stands there when its reading begins. */
function aProcess(freshness: Tags, whileReading: () => void = () => {}) {
  const remembered = new TaggedCache<number>();
  const state = { value: 1, readings: 0 };
  const aRequest = () =>
    new CachingLoader(
      new TrackedDatabase({} as Database, freshness, new Dependencies()),
      remembered,
      async (_db, ids) => {
        state.readings += 1;
        const { value } = state;
        await null;
        whileReading();
        return ids.map(() => value);
      },
    );
  return { state, aRequest };
}

describe('what the process remembers', () => {
  it('is read once, for all requests, and is there without a promise', async () => {
    const { state, aRequest } = aProcess(newFreshness());

    expect(await aRequest().load('org_a')).toBe(1);
    expect(aRequest().load('org_a')).toBe(1);
    expect(aRequest().peek('org_a')).toBe(1);
    expect(state.readings).toBe(1);
  });

  it('is there without a promise for later loads of the request that has read it', async () => {
    const { state, aRequest } = aProcess(newFreshness());
    const request = aRequest();
    const [first, second] = [request.load('org_a'), request.load('org_a')];

    expect([first, second]).toEqual([expect.any(Promise), expect.any(Promise)]);
    expect(await Promise.all([first, second])).toEqual([1, 1]);
    expect([request.load('org_a'), request.peek('org_a')]).toEqual([1, 1]);
    expect(state.readings).toBe(1);
  });

  it('is read anew where the request forgets what it saw during the reading', async () => {
    const freshness = newFreshness();
    const { state, aRequest } = aProcess(freshness, () => {
      if (state.readings > 1) return;
      state.value = 2;
      freshness.invalidate('org_a');
      request.clearAll();
    });
    const request = aRequest();

    expect(await request.load('org_a')).toBe(1);
    expect(await request.load('org_a')).toBe(2);
    expect(request.load('org_a')).toBe(2);
  });

  it('is never what was read while it changed', async () => {
    const freshness = newFreshness();
    const { state, aRequest } = aProcess(freshness, () => {
      state.value += 1;
      freshness.invalidate('org_a');
    });

    expect([await aRequest().load('org_a'), await aRequest().load('org_a')]).toEqual([1, 2]);
  });

  it('is one state for a request, until that forgets what it saw', async () => {
    const freshness = newFreshness();
    const { state, aRequest } = aProcess(freshness);
    const request = aRequest();
    await request.load('org_a');

    state.value = 2;
    freshness.invalidate('org_a');

    expect([await request.load('org_a'), await request.peek('org_a'), await aRequest().load('org_a')]).toEqual([
      1, 1, 2,
    ]);
    request.clearAll();
    expect(await request.load('org_a')).toBe(2);
  });

  it('is read anew where the request looked for it before it was there', async () => {
    const { state, aRequest } = aProcess(newFreshness());
    const request = aRequest();
    expect(request.peek('org_a')).toBe(undefined);
    await aRequest().load('org_a');

    state.value = 2;

    expect(await request.load('org_a')).toBe(2);
  });
});

describe('a ready loader', () => {
  it('reads what is asked for at a time in one batch, and then answers it without a promise', async () => {
    const batches: (readonly string[])[] = [];
    const loader = new ReadyLoader(async (keys: readonly string[]) => {
      batches.push(keys);
      return keys.map((key) => key.toUpperCase());
    });

    expect(await Promise.all([loader.load('a'), loader.load('b'), loader.load('a')])).toEqual(['A', 'B', 'A']);
    expect([loader.load('a'), loader.load('b')]).toEqual(['A', 'B']);
    expect(batches).toEqual([['a', 'b']]);
  });

  it('asks once for what is not there, and answers what it was told from elsewhere', async () => {
    let reads = 0;
    const loader = new ReadyLoader<string, string | null>(async (keys) => {
      reads++;
      return keys.map(() => null);
    });
    loader.prime('known', 'value');

    expect(loader.load('known')).toBe('value');
    expect([await loader.load('absent'), await loader.load('absent'), reads]).toEqual([null, null, 1]);
  });

  it('forgets, also what is being read when it is told to', async () => {
    let value = 'before';
    const reads: (() => void)[] = [];
    const loader = new ReadyLoader(async (keys: readonly string[]) => {
      const read = value;
      await new Promise<void>((resolve) => reads.push(resolve));
      return keys.map(() => read);
    });
    const underWay = loader.load('a');
    await new Promise(setImmediate);

    value = 'after';
    loader.clearAll();
    reads[0]?.();
    expect(await underWay).toBe('before');
    const anew = loader.load('a');
    await new Promise(setImmediate);
    reads[1]?.();

    expect(await anew).toBe('after');
    expect(loader.load('a')).toBe('after');
  });

  it('passes on the fault of a batch, and of a key', async () => {
    const loader = new ReadyLoader<string, string>(async (keys) => {
      if (keys.includes('all')) throw new Error('all');
      return keys.map((key) => new Error(key));
    });

    await expect(loader.load('all')).rejects.toThrow('all');
    await expect(loader.load('one')).rejects.toThrow('one');
    await expect(loader.load('one')).rejects.toThrow('one');
  });
});
