import { setTimeout as sleep } from 'node:timers/promises';
import { isDeadlock } from './faults.ts';

/** How often a statement, or the work of a transaction, is retried where it has had no effect. */
export const maxRetries = 3;

/** The longest pause before a retry after a deadlock, in ms. */
const maxPauseMs = 100;

/** A random pause after a deadlock: who retries at once may meet the same transaction again. */
export async function pauseAfter(error: unknown): Promise<void> {
  if (isDeadlock(error)) await sleep(Math.random() * maxPauseMs);
}
