import type { Allowance, Policy } from '../request/request-record.ts';
import type { SharedCounter } from './shared-windows.ts';
import { createWindows } from './windows.ts';

/** Spends points of a key; only where they are counted together with others must it be waited for. */
export type Spend = (key: string, points: number) => Allowance | Promise<Allowance>;

/** Counts what is spent: together with other processes where there is a Redis, else, and while that is away, alone. */
export function createRateLimiter(policy: Policy, redis: SharedCounter | undefined): Spend {
  const alone = createWindows(policy);
  if (!redis) return alone;

  let shared: Promise<Spend> | undefined;
  return async (key, points) => {
    shared ??= import('./shared-windows.ts').then(({ shareWindows }) => shareWindows(policy, redis, alone));
    return (await shared)(key, points);
  };
}
