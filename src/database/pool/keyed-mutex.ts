import type { Database } from './client.ts';
import type { SqlPool } from './pool.ts';
import { type Signal, throwIfCancelled } from './signal.ts';

/** Serializes the work of each key. Work whose signal is aborted while it waits is never begun. */
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
    const release = () => {
      if (this.#last.get(key) === result) this.#last.delete(key);
    };
    result.then(release, release);
    return result;
  }
}

const mutexes = new WeakMap<SqlPool, KeyedMutex>();

/**
 * Runs the work once no other work of its key is running, before it takes a connection: so requests that wait for the same row
 * do not occupy the pool. Within a transaction it does not wait: that has its connection, and may hold the row's lock.
 */
export function withLock<Result>(db: Database, key: string, work: () => Promise<Result>): Promise<Result> {
  const { pool, signal } = db;
  if (!pool) return work();

  const mutex = mutexes.get(pool) ?? new KeyedMutex();
  mutexes.set(pool, mutex);
  return mutex.withLock(key, work, signal);
}
