import type { ExecutionArgs } from 'graphql';
import type { Viewer } from '../auth/viewer.ts';
import { RateLimitedError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { costOf } from './operation-cost.ts';
import { type Allowance, createRateLimiter, type SharedCounter } from './rate-limiter.ts';

/** What requests spend. A refusal leaves what was spent before it as it is. */
export interface RateLimit {
  /** Spends the point that every request costs its address, once: before its body is read and its token is looked at. */
  enter: (request: Request, address: string | undefined) => Promise<void>;
  /** Spends what an operation costs its viewer, and the rest of it its address. */
  execute: (request: Request, viewer: Viewer, args: ExecutionArgs) => Promise<void>;
  /** What the request was found to have left. */
  allowances: (request: Request) => readonly Allowance[];
}

interface Entry {
  address: string | undefined;
  allowances: Map<string, Allowance>;
}

/** Counts points, in windows, for viewers and for addresses. A limit of 0 points is none, and an absent address has none. */
export function createRateLimit(limits: Limits, redis: SharedCounter | undefined): RateLimit {
  const limiter = (name: string, points: number) =>
    points === 0 ? undefined : createRateLimiter({ name, points, windowSeconds: limits.rateWindowSeconds }, redis);
  const limiters = {
    viewer: limiter('viewer', limits.viewerPoints),
    address: limiter('address', limits.addressPoints),
  };
  const entries = new WeakMap<Request, Entry>();

  const spend = async (entry: Entry, name: keyof typeof limiters, key: string | undefined, points: number) => {
    const allowance = key !== undefined && points > 0 ? await limiters[name]?.(key, points) : undefined;
    if (!allowance) return;
    entry.allowances.set(name, allowance);
    if (allowance.isExceeded) throw new RateLimitedError(allowance.seconds);
  };

  return {
    enter: async (request, address) => {
      if (entries.has(request)) return;
      const entry = { address, allowances: new Map() };
      entries.set(request, entry);
      await spend(entry, 'address', address, 1);
    },
    execute: async (request, viewer, args) => {
      const entry = entries.get(request);
      if (!entry) return;
      const cost = costOf(args);
      await Promise.all([
        spend(entry, 'viewer', keyOf(viewer), cost),
        spend(entry, 'address', entry.address, cost - 1),
      ]);
    },
    allowances: (request) => [...(entries.get(request)?.allowances.values() ?? [])],
  };
}

/** A stranger is known by address alone. */
function keyOf({ userId, service }: Viewer): string | undefined {
  return userId ?? service?.apiKeyId;
}
