import { throwIfCancelled } from './cancellation.ts';
import type { Database } from './client.ts';
import { poolOf } from './sql.ts';

const queues = new WeakMap<Database, Map<string, Promise<unknown>>>();

/**
 * Lets pieces of work of one name wait for each other before they take a connection, so that many that want the same lock
 * leave the pool to others. Work that is given up while it waits is never begun. Within a transaction nothing waits: it
 * has its connection, and may hold the lock.
 */
export function inTurn<Result>(db: Database, name: string, work: () => Promise<Result>): Promise<Result> {
  if (!poolOf(db)) return work();

  const queue = queues.get(db) ?? new Map<string, Promise<unknown>>();
  queues.set(db, queue);
  const begin = () => {
    throwIfCancelled();
    return work();
  };
  const previous = queue.get(name);
  const result = previous ? previous.then(begin, begin) : work();
  queue.set(name, result);
  const leave = () => {
    if (queue.get(name) === result) queue.delete(name);
  };
  result.then(leave, leave);
  return result;
}
