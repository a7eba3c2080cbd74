import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createDatabase, withSignal } from '../../src/database/pool/client.ts';
import { isUnavailable } from '../../src/database/pool/faults.ts';
import { withLock } from '../../src/database/pool/keyed-mutex.ts';
import { SqlTransaction } from '../../src/database/pool/transaction.ts';

// Nothing here goes as far as the database.
const db = createDatabase('postgresql://nobody@127.0.0.1:9/nowhere');

/** Work that ends when it is told to. */
function someWork() {
  const end = new EventEmitter();
  const work = {
    isBegun: false,
    begin: async () => {
      work.isBegun = true;
      await once(end, 'end');
    },
    succeed: () => void end.emit('end'),
    fail: () => void end.emit('error', new Error('lost')),
  };
  return work;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('work of one key', () => {
  it('waits for the work before it, whatever becomes of that, and not for work of another key', async () => {
    const [first, second, third, other] = [someWork(), someWork(), someWork(), someWork()];
    const failing = withLock(db, 'a', first.begin).catch(({ message }: Error) => message);
    const waiting = [withLock(db, 'a', second.begin), withLock(db, 'a', third.begin), withLock(db, 'b', other.begin)];

    expect([first, second, third, other].map(({ isBegun }) => isBegun)).toEqual([true, false, false, true]);
    first.fail();
    expect(await failing).toBe('lost');
    await settled();
    expect([second.isBegun, third.isBegun]).toEqual([true, false]);
    for (const work of [second, other]) work.succeed();
    await settled();
    third.succeed();
    await Promise.all(waiting);
  });

  it('is never begun where it was given up while it waited, and holds up nobody', async () => {
    const [first, givenUp, last] = [someWork(), someWork(), someWork()];
    const client = new AbortController();
    const running = withLock(db, 'a', first.begin);
    const refused = withLock(withSignal(db, client.signal), 'a', givenUp.begin).catch((error: unknown) => error);
    const after = withLock(db, 'a', last.begin);

    client.abort();
    first.succeed();
    await running;
    await settled();
    last.succeed();
    await after;

    expect(isUnavailable(await refused)).toBe(true);
    expect([givenUp.isBegun, last.isBegun]).toEqual([false, true]);
  });

  it('does not wait within a transaction, which may hold what is waited for', async () => {
    const [first, within] = [someWork(), someWork()];
    const running = withLock(db, 'a', first.begin);
    const nowhere = () => Promise.reject(new Error('nowhere'));
    const transaction = new SqlTransaction(nowhere, nowhere, undefined);

    const nested = withLock(transaction, 'a', within.begin);

    expect(within.isBegun).toBe(true);
    for (const work of [first, within]) work.succeed();
    await Promise.all([running, nested]);
  });
});
