import { describe, expect, it } from 'vitest';
import { Cancellation, presentWork } from '../../src/database/cancellation.ts';
import { isUnavailable } from '../../src/database/faults.ts';
import { gather } from '../../src/database/gather.ts';

/** Work that doubles numbers when it is told to; 13 is not to be doubled. */
function doubling(options?: { most?: number; patienceMs?: number }) {
  const begun: { items: readonly number[]; end: () => void; work: Cancellation | undefined }[] = [];
  const double = gather(async (items: readonly number[]) => {
    await new Promise<void>((end) => void begun.push({ items, end, work: presentWork() }));
    if (items.includes(13)) throw new Error('thirteen');
    return items.map((item) => item * 2);
  }, options);
  return { begun, double, itemsOf: () => begun.map(({ items }) => items) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('what is gathered', () => {
  it('begins at once where nothing is under way, else together, each item with its own result', async () => {
    const { begun, double, itemsOf } = doubling();
    const first = [1, 2].map(double);
    await settled();
    const later = [3, 4, 5].map(double);
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
    const { begun, double, itemsOf } = doubling({ most: 2 });
    const asked = [1, 2, 3, 4, 5].map(double);

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
    const { begun, double, itemsOf } = doubling({ patienceMs: 5 });
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
    const cancellation = new Cancellation();
    const first = double(1);
    await settled();
    const givenUp = cancellation.run(() => double(2)).catch((error: unknown) => isUnavailable(error));
    const last = double(3);

    cancellation.cancel();
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
    const cancellations = [new Cancellation(), new Cancellation()];
    const asked = cancellations.map((cancellation, index) => cancellation.run(() => double(index)));
    await settled();

    const areGivenUp = cancellations.map((cancellation) => {
      cancellation.cancel();
      return begun[0]?.work?.isCancelled;
    });

    expect(areGivenUp).toEqual([false, true]);
    begun[0]?.end();
    await Promise.all(asked);
  });

  it('is never given up where somebody asked for it who cannot give up', async () => {
    const { begun, double } = doubling();
    const cancellation = new Cancellation();
    const asked = [cancellation.run(() => double(1)), double(2)];
    await settled();

    cancellation.cancel();

    expect(begun[0]?.work?.isCancelled).toBe(false);
    begun[0]?.end();
    expect(await Promise.all(asked)).toEqual([2, 4]);
  });
});
