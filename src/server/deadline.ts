import { Cancellation } from '../database/cancellation.ts';
import { DeadlineExceededError } from '../errors.ts';

/** The part of an AbortSignal that says whether, and when, whoever waits has gone. */
export type Gone = Pick<AbortSignal, 'reason' | 'throwIfAborted'> & {
  [name in 'addEventListener' | 'removeEventListener']: (event: 'abort', listener: () => void) => void;
};

/**
 * Does work that may take `limitMs`. What takes longer, or whose client goes away meanwhile, is given up: its statements
 * are cancelled, and its transaction is rolled back.
 *
 * @throws DeadlineExceededError, or the reason of the signal
 */
export function withDeadline<Result>(
  limitMs: number,
  signal: Gone,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const cancellation = new Cancellation();
    const giveUp = (reason: unknown) => {
      cancellation.cancel();
      end();
      reject(reason);
    };
    const onAbort = () => giveUp(signal.reason);
    const timeout = setTimeout(() => giveUp(new DeadlineExceededError(limitMs)), limitMs);
    const end = () => {
      clearTimeout(timeout);
      signal.removeEventListener('abort', onAbort);
    };
    signal.addEventListener('abort', onAbort);
    const succeed = (result: Result) => {
      end();
      resolve(result);
    };
    const fail = (error: unknown) => {
      end();
      reject(error);
    };
    try {
      const result = cancellation.run(work);
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
