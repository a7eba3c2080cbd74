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
export async function withDeadline<Result>(
  limitMs: number,
  signal: Gone,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const cancellation = new Cancellation();
  let cleanUp = () => {};
  const givenUp = new Promise<never>((_resolve, reject) => {
    const giveUp = (reason: unknown) => {
      cancellation.cancel();
      reject(reason);
    };
    const onAbort = () => giveUp(signal.reason);
    const timeout = setTimeout(() => giveUp(new DeadlineExceededError(limitMs)), limitMs);
    signal.addEventListener('abort', onAbort);
    cleanUp = () => {
      clearTimeout(timeout);
      signal.removeEventListener('abort', onAbort);
    };
  });
  try {
    return await Promise.race([cancellation.run(work), givenUp]);
  } finally {
    cleanUp();
  }
}
