import { describe, expect, it } from 'vitest';
import { Cancellation, presentWork } from '../../src/database/cancellation.ts';
import { isUnavailable } from '../../src/database/faults.ts';
import { gather } from '../../src/database/gather.ts';

/** Work that doubles numbers when it is told to; 13 is not to be doubled. */
function doubling(options?: { most?: number; patienceMs?: number }) {
  const begun: { items: readonly number[]; end: () => void; isOfNobody: boolean }[] = [];
  const double = gather(async (items: readonly number[]) => {
    await new Promise<void>((end) => void begun.push({ items, end, isOfNobody: presentWork() === undefined }));
    if (items.includes(13)) throw new Error('thirteen');
    return items.map((item) => item * 2);
  }, options);
  return { begun, double, itemsOf: () => begun.map(({ items }) => items) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('what is gathered', () => {
  it('begins at once where nothing is under way, and else together, each with its own result', async () => {
    const { begun, double, itemsOf } = doubling();
    const asked = [1, 2, 3].map(double);

    expect(itemsOf()).toEqual([[1]]);
    begun[0]?.end();
    expect(await asked[0]).toBe(2);
    await settled();
    expect(itemsOf()).toEqual([[1], [2, 3]]);
    begun[1]?.end();
    expect(await Promise.all(asked)).toEqual([2, 4, 6]);
  });

  it('is no more at a time than it may be', async () => {
    const { begun, double, itemsOf } = doubling({ most: 2 });
    const asked = [1, 2, 3, 4].map(double);

    for (const index of [0, 1, 2]) {
      begun[index]?.end();
      await settled();
    }

    expect(await Promise.all(asked)).toEqual([2, 4, 6, 8]);
    expect(itemsOf()).toEqual([[1], [2, 3], [4]]);
  });

  it('fails together, and goes on with what comes after', async () => {
    const { begun, double } = doubling();
    const asked = [1, 13, 2].map((item) => double(item).catch(({ message }: Error) => message));

    begun[0]?.end();
    await settled();
    const later = double(4);
    begun[1]?.end();
    await settled();
    begun[2]?.end();

    expect(await Promise.all(asked)).toEqual([2, 'thirteen', 'thirteen']);
    expect(await later).toBe(8);
  });

  it('does not wait for work that takes long', async () => {
    const { begun, double, itemsOf } = doubling({ patienceMs: 5 });
    const slow = double(1);
    const next = double(2);

    while (begun.length < 2) await settled();

    expect(itemsOf()).toEqual([[1], [2]]);
    begun[1]?.end();
    expect(await next).toBe(4);
    begun[0]?.end();
    expect(await slow).toBe(2);
  });

  it('leaves out what was given up before it was begun, and is not given up with it afterwards', async () => {
    const { begun, double, itemsOf } = doubling();
    const [first, second] = [new Cancellation(), new Cancellation()];
    const asked = [
      first.run(() => double(1)),
      second.run(() => double(2)).catch((error: unknown) => isUnavailable(error)),
      double(3),
    ];

    for (const cancellation of [first, second]) cancellation.cancel();
    begun[0]?.end();
    expect(await asked[0]).toBe(2);
    expect(await asked[1]).toBe(true);
    await settled();
    begun[1]?.end();

    expect(await asked[2]).toBe(6);
    expect(itemsOf()).toEqual([[1], [3]]);
    expect(begun.map(({ isOfNobody }) => isOfNobody)).toEqual([true, true]);
  });
});
