import type { Allowance, Policy } from '../request/request-record.ts';

interface Window {
  spent: number;
  /** By the clock of the process, in ms. */
  endsAt: number;
}

/** Counts the points of keys in this process alone, in windows that begin with the first point. */
export function createWindows(policy: Policy): (key: string, points: number) => Allowance {
  const windowMs = policy.windowSeconds * 1_000;
  // All windows are equally long, so the order of insertion is that in which they end.
  const windows = new Map<string, Window>();

  const begin = (key: string, now: number): Window => {
    for (const [oldest, { endsAt }] of windows) {
      if (endsAt > now) break;
      windows.delete(oldest);
    }
    const window = { spent: 0, endsAt: now + windowMs };
    windows.set(key, window);
    return window;
  };

  return (key, points) => {
    // Whole milliseconds: the sum and the difference of others may be a little more than the window.
    const now = Math.floor(performance.now());
    const known = windows.get(key);
    const window = known && known.endsAt > now ? known : begin(key, now);
    window.spent += points;
    return {
      policy,
      isExceeded: window.spent > policy.points,
      remainingPoints: Math.max(policy.points - window.spent, 0),
      seconds: Math.ceil((window.endsAt - now) / 1_000),
    };
  };
}
