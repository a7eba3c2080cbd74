import { describe, expect, it } from 'vitest';
import { coalesce } from '../../src/database/pool/coalesce.ts';
import { isUnavailable } from '../../src/database/pool/faults.ts';
import type { Signal } from '../../src/database/pool/signal.ts';

/** Work that doubles numbers when it is told to; 13 is not to be doubled. */
function doubling(options?: { maxBatchSize?: number; maxWaitMs?: number }) {
  const begun: { items: readonly number[]; end: () => void; signal: Signal | undefined }[] = [];
  const double = coalesce(async (items: readonly number[], signal: Signal | undefined) => {
    await new Promise<void>((end) => void begun.push({ items, end, signal }));
    if (items.includes(13)) throw new Error('thirteen');
    return items.map((item) => item * 2);
  }, options);
  return { begun, double, itemsOf: () => begun.map(({ items }) => items) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('what is coalesced', () => {
  it('begins at once where nothing is under way, else together, each item with its own result', async () => {
    const { begun, double, itemsOf } = doubling();
    const first = [1, 2].map((item) => double(item));
    await settled();
    const later = [3, 4, 5].map((item) => double(item));
    await settled();

    expect(itemsOf()).toEqual([[1, 2]]);
    begun[0]?.end();
    expect(await Promise.all(first)).toEqual([2, 4]);
    await settled();
    expect(itemsOf()).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
    begun[1]?.end();
    expect(await Promise.all(later)).toEqual([6, 8, 10]);
  });

  it('is no more at a time than it may be', async () => {
    const { begun, double, itemsOf } = doubling({ maxBatchSize: 2 });
    const asked = [1, 2, 3, 4, 5].map((item) => double(item));

    for (const index of [0, 1, 2]) {
      await settled();
      begun[index]?.end();
    }

    expect(await Promise.all(asked)).toEqual([2, 4, 6, 8, 10]);
    expect(itemsOf()).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('fails together, and goes on with what comes after', async () => {
    const { begun, double } = doubling();
    const asked = [1, 13].map((item) => double(item).catch(({ message }: Error) => message));

    await settled();
    const later = double(4);
    begun[0]?.end();
    await settled();
    begun[1]?.end();

    expect(await Promise.all(asked)).toEqual(['thirteen', 'thirteen']);
    expect(await later).toBe(8);
  });

  it('does not wait for work that takes long', async () => {
    const { begun, double, itemsOf } = doubling({ maxWaitMs: 5 });
    const slow = double(1);
    await settled();
    const next = double(2);

    while (begun.length < 2) await settled();

    expect(itemsOf()).toEqual([[1], [2]]);
    begun[1]?.end();
    expect(await next).toBe(4);
    begun[0]?.end();
    expect(await slow).toBe(2);
  });

  it('leaves out what was given up before it was begun', async () => {
    const { begun, double, itemsOf } = doubling();
    const client = new AbortController();
    const first = double(1);
    await settled();
    const givenUp = double(2, client.signal).catch((error: unknown) => isUnavailable(error));
    const last = double(3);

    client.abort();
    begun[0]?.end();
    expect(await first).toBe(2);
    expect(await givenUp).toBe(true);
    await settled();
    begun[1]?.end();

    expect(await last).toBe(6);
    expect(itemsOf()).toEqual([[1], [3]]);
  });

  it('is given up once all who asked for it have given up, and not before', async () => {
    const { begun, double } = doubling();
    const clients = [new AbortController(), new AbortController()];
    const asked = clients.map(({ signal }, index) => double(index, signal));
    await settled();

    const areGivenUp = clients.map((client) => {
      client.abort();
      return begun[0]?.signal?.aborted;
    });

    expect(areGivenUp).toEqual([false, true]);
    begun[0]?.end();
    await Promise.all(asked);
  });

  it('is never given up where somebody asked for it who cannot give up', async () => {
    const { begun, double } = doubling();
    const client = new AbortController();
    const asked = [double(1, client.signal), double(2)];
    await settled();

    client.abort();

    expect(begun[0]?.signal).toBe(undefined);
    begun[0]?.end();
    expect(await Promise.all(asked)).toEqual([2, 4]);
  });
});
