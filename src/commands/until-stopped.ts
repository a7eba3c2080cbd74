import { UsageError } from './command.ts';
import { stopSignal } from './stop-signal.ts';

/**
 * Runs work that a signal to stop aborts. That is an error, whose sentence says what came of it.
 * @throws UsageError
 */
export async function untilStopped<Result>(
  work: (stop: AbortSignal) => Promise<Result>,
  consequence: () => string,
): Promise<Result> {
  const stop = stopSignal();
  const onAbort = () => {
    // Counts where the process must exit before the work has ended.
    process.exitCode = 1;
  };
  stop.addEventListener('abort', onAbort);
  try {
    const result = await work(stop);
    process.exitCode = 0;
    return result;
  } catch (error) {
    throw stop.aborted ? new UsageError(`Stopped by ${stop.reason}. ${consequence()}`) : error;
  }
}
