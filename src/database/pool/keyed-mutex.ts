import type { Database } from './client.ts';
import type { SqlPool } from './pool.ts';
import { type Signal, throwIfCancelled } from './signal.ts';

/** Lets pieces of work of one key wait for each other; work that is given up while it waits is never begun. */
class KeyedMutex {
  readonly #last = new Map<string, Promise<unknown>>();

  withLock<Result>(key: string, work: () => Promise<Result>, signal: Signal | undefined): Promise<Result> {
    const begin = () => {
      throwIfCancelled(signal);
      return work();
    };
    const previous = this.#last.get(key);
    const result = previous ? previous.then(begin, begin) : work();
    this.#last.set(key, result);
    const leave = () => {
      if (this.#last.get(key) === result) this.#last.delete(key);
    };
    result.then(leave, leave);
    return result;
  }
}

const mutexes = new WeakMap<SqlPool, KeyedMutex>();

/**
 * Has the work done when no other of its key is under way, before it takes a connection, so that many that want the same row
 * leave the pool to others. Within a transaction nothing waits: it has its connection, and may hold the row.
 */
export function withLock<Result>(db: Database, key: string, work: () => Promise<Result>): Promise<Result> {
  const { pool, signal } = db;
  if (!pool) return work();

  const mutex = mutexes.get(pool) ?? new KeyedMutex();
  mutexes.set(pool, mutex);
  return mutex.withLock(key, work, signal);
}
