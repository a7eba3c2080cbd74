import { type Database, PooledDatabase } from './client.ts';
import type { SqlPool } from './pool.ts';
import { AbortableSignal, cancelled, type Signal } from './signal.ts';

interface CoalesceOptions {
  /** Items at the most that are done together. */
  most?: number;
  /** How long others wait for work that is under way. */
  maxWaitMs?: number;
}

interface Waiting<Item, Result> {
  item: Item;
  /** Of whoever asks; what was given up before it was begun is left out. */
  signal: Signal | undefined;
  resolve: (result: Result) => void;
  reject: (reason: unknown) => void;
}

/**
 * Does together what is asked for at about the same time, as a database does in a group commit: while a batch is under way,
 * what comes is collected for the next one, `most` items at the most. What comes alone does not wait; nor does anything for a
 * batch that takes longer than `maxWaitMs`. Results are in the order of the items. All work begins after it was asked for:
 * what it reads is as new as if it was read for one item alone. Its signal is aborted once those of all who asked for it are.
 */
export function coalesce<Item, Result>(
  work: (items: readonly Item[], signal: Signal | undefined) => Promise<readonly Result[]>,
  { most = 1_000, maxWaitMs = 50 }: CoalesceOptions = {},
): (item: Item, signal?: Signal) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let isBusy = false;
  let isAboutToBegin = false;

  const takeNext = () => {
    const taken = waiting.slice(0, most);
    waiting = waiting.slice(most);
    for (const { signal, reject } of taken) if (signal?.aborted) reject(cancelled);
    return taken.filter(({ signal }) => !signal?.aborted);
  };
  const beginNext = () => {
    isAboutToBegin = false;
    while (!isBusy && waiting.length > 0) {
      const taken = takeNext();
      if (taken.length > 0) begin(taken);
    }
  };
  const begin = (taken: readonly Waiting<Item, Result>[]) => {
    isBusy = true;
    let isAwaited = true;
    const goOn = () => {
      clearTimeout(timeout);
      if (!isAwaited) return;
      isAwaited = false;
      isBusy = false;
      beginNext();
    };
    const timeout = setTimeout(goOn, maxWaitMs);
    work(
      taken.map(({ item }) => item),
      commonSignal(taken.map(({ signal }) => signal)),
    )
      .then(
        (results) => taken.forEach(({ resolve }, index) => void resolve(results[index] as Result)),
        (error: unknown) => taken.forEach(({ reject }) => void reject(error)),
      )
      .then(goOn);
  };

  return (item, signal) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, signal, resolve, reject });
      if (isBusy || isAboutToBegin) return;
      // With what is asked for in the same breath.
      isAboutToBegin = true;
      queueMicrotask(beginNext);
    });
}

/** Aborted once all of these are, none of which is yet; undefined where one never is. */
function commonSignal(signals: readonly (Signal | undefined)[]): Signal | undefined {
  const distinct = new Set(signals);
  if (distinct.size === 1) return signals[0];
  if (distinct.has(undefined)) return undefined;

  const common = new AbortableSignal();
  let left = distinct.size;
  for (const signal of distinct) {
    signal?.addEventListener('abort', () => {
      left -= 1;
      if (left === 0) common.abort();
    });
  }
  return common;
}

/**
 * Coalesces for each pool what is asked of it outside of transactions. Within one it is done at once: that has its
 * connection, and what it sees is its own.
 */
export function coalesceFor<Item, Result>(
  work: (db: Database, items: readonly Item[]) => Promise<readonly Result[]>,
  options?: CoalesceOptions,
): (db: Database, items: readonly Item[]) => Promise<readonly Result[]> {
  const byPool = new WeakMap<SqlPool, (item: Item, signal?: Signal) => Promise<Result>>();
  const coalescedFor = (pool: SqlPool) => {
    const coalesced = coalesce<Item, Result>((items, signal) => work(new PooledDatabase(pool, signal), items), options);
    byPool.set(pool, coalesced);
    return coalesced;
  };
  return (db, items) => {
    const { pool, signal } = db;
    if (!pool) return work(db, items);
    const coalesced = byPool.get(pool) ?? coalescedFor(pool);
    return Promise.all(items.map((item) => coalesced(item, signal)));
  };
}
