import { type Database, PooledDatabase } from './client.ts';
import type { SqlPool } from './pool.ts';
import { AbortableSignal, cancelled, type Signal } from './signal.ts';

interface CoalesceOptions {
  /** The maximum number of items in a batch. */
  maxBatchSize?: number;
  /** How long, in ms, the next batch waits for one that is running. */
  maxWaitMs?: number;
}

interface Waiting<Item, Result> {
  item: Item;
  /** The caller's signal. An item whose signal is aborted before its batch begins is left out. */
  signal: Signal | undefined;
  resolve: (result: Result) => void;
  reject: (reason: unknown) => void;
}

/**
 * Coalesces concurrent calls into batches, as a database does in a group commit: while a batch is running, further items are
 * collected for the next one. A single item does not wait. A batch that takes longer than `maxWaitMs` does not delay the next
 * one. Results are in the order of the items. A batch begins after all of its items were requested, so an item never reads
 * older data than it would alone. The batch's signal is aborted once the signals of all its callers are.
 */
export function coalesce<Item, Result>(
  work: (items: readonly Item[], signal: Signal | undefined) => Promise<readonly Result[]>,
  { maxBatchSize = 1_000, maxWaitMs = 50 }: CoalesceOptions = {},
): (item: Item, signal?: Signal) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let isBusy = false;
  let isScheduled = false;

  const takeNext = () => {
    const taken = waiting.slice(0, maxBatchSize);
    waiting = waiting.slice(maxBatchSize);
    for (const { signal, reject } of taken) if (signal?.aborted) reject(cancelled);
    return taken.filter(({ signal }) => !signal?.aborted);
  };
  const beginNext = () => {
    isScheduled = false;
    while (!isBusy && waiting.length > 0) {
      const taken = takeNext();
      if (taken.length > 0) begin(taken);
    }
  };
  const begin = (taken: readonly Waiting<Item, Result>[]) => {
    isBusy = true;
    let isAwaited = true;
    const proceed = () => {
      clearTimeout(timeout);
      if (!isAwaited) return;
      isAwaited = false;
      isBusy = false;
      beginNext();
    };
    const timeout = setTimeout(proceed, maxWaitMs);
    work(
      taken.map(({ item }) => item),
      commonSignal(taken.map(({ signal }) => signal)),
    )
      .then(
        (results) => taken.forEach(({ resolve }, index) => void resolve(results[index] as Result)),
        (error: unknown) => taken.forEach(({ reject }) => void reject(error)),
      )
      .then(proceed);
  };

  return (item, signal) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, signal, resolve, reject });
      if (isBusy || isScheduled) return;
      // In a microtask: calls of the same tick share the first batch.
      isScheduled = true;
      queueMicrotask(beginNext);
    });
}

/** A signal that is aborted once all of these are, none of which is yet; undefined where one caller has no signal. */
function commonSignal(signals: readonly (Signal | undefined)[]): Signal | undefined {
  const distinct = new Set(signals);
  if (distinct.size === 1) return signals[0];
  if (distinct.has(undefined)) return undefined;

  const common = new AbortableSignal([...distinct].flatMap((signal) => signal ?? []));
  let left = distinct.size;
  for (const signal of distinct) {
    signal?.addEventListener('abort', () => {
      left -= 1;
      if (left === 0) common.abort();
    });
  }
  return common;
}

/** Coalesces calls for each pool, and for each transaction: that has its own view of the data. */
export function coalesceFor<Item, Result>(
  work: (db: Database, items: readonly Item[]) => Promise<readonly Result[]>,
  options?: CoalesceOptions,
): (db: Database, items: readonly Item[]) => Promise<readonly Result[]> {
  const known = new WeakMap<SqlPool | Database, (item: Item, signal?: Signal) => Promise<Result>>();
  const coalescedFor = (db: Database) => {
    const { pool } = db;
    const coalesced = coalesce<Item, Result>(
      (items, signal) => work(pool ? new PooledDatabase(pool, signal) : db, items),
      options,
    );
    known.set(pool ?? db, coalesced);
    return coalesced;
  };
  return (db, items) => {
    const coalesced = known.get(db.pool ?? db) ?? coalescedFor(db);
    return Promise.all(items.map((item) => coalesced(item, db.signal)));
  };
}
