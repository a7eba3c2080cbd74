import type { Allowance, Policy } from '../request/request-record.ts';
import type { SharedCounter } from './shared-windows.ts';
import { createWindows } from './windows.ts';

/** Consumes points of a key; a promise where Redis counts them. */
export type Spend = (key: string, points: number) => Allowance | Promise<Allowance>;

/** Counts points in Redis, shared with other processes; in this process without a Redis, and while it does not answer. */
export function createRateLimiter(policy: Policy, redis: SharedCounter | undefined): Spend {
  const alone = createWindows(policy);
  if (!redis) return alone;

  let shared: Promise<Spend> | undefined;
  return async (key, points) => {
    shared ??= import('./shared-windows.ts').then(({ shareWindows }) => shareWindows(policy, redis, alone));
    return (await shared)(key, points);
  };
}
