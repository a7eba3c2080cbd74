import { AbortableSignal, type Signal } from '../../database/pool/signal.ts';
import { DeadlineExceededError } from '../../errors/base.ts';

interface Deadline {
  limitMs: number;
  /** Aborted when whoever waits has gone. */
  client: Signal;
  /** Aborted when the work is given up; what it sends to the database is to be under it. */
  signal?: AbortableSignal;
}

/**
 * Does work that may take `limitMs`. What takes longer, or whose client goes away meanwhile, is given up: its statements
 * are cancelled, and its transaction is rolled back.
 *
 * @throws DeadlineExceededError, or the reason of the client's signal
 */
export function withDeadline<Result>(
  { limitMs, client, signal = new AbortableSignal() }: Deadline,
  work: (signal: Signal) => Result | Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const giveUp = (reason: unknown) => {
      end();
      signal.abort(reason);
      reject(reason);
    };
    const onGone = () => giveUp(client.reason);
    const timeout = setTimeout(() => giveUp(new DeadlineExceededError(limitMs)), limitMs);
    const end = () => {
      clearTimeout(timeout);
      client.removeEventListener('abort', onGone);
    };
    if (client.aborted) return onGone();
    if (signal.aborted) return giveUp(signal.reason);
    client.addEventListener('abort', onGone);
    const succeed = (result: Result) => {
      end();
      resolve(result);
    };
    const fail = (error: unknown) => {
      end();
      reject(error);
    };
    try {
      const result = work(signal);
      // Not always a promise of the language.
      if (isThenable(result)) result.then(succeed, fail);
      else succeed(result);
    } catch (error) {
      fail(error);
    }
  });
}

function isThenable<Result>(value: Result | PromiseLike<Result>): value is PromiseLike<Result> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
