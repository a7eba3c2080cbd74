import { AbortableSignal, type Signal } from '../../database/pool/signal.ts';
import { DeadlineExceededError } from '../../errors/base.ts';

interface Deadline {
  limitMs: number;
  /** Aborted when the client disconnects. */
  client: Signal;
  /** Aborted with the work: its statements must run under this signal, to be cancelled. */
  signal?: AbortableSignal;
}

/**
 * Runs work with a deadline. Where it takes longer than `limitMs`, or the client disconnects, its signal is aborted: statements
 * are cancelled, and the transaction is rolled back.
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
      // A thenable need not be a Promise.
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
