import type { ExecutionArgs } from 'graphql';
import type { Viewer } from '../auth/viewer.ts';
import { RateLimitedError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { costOf } from './operation-cost.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { type Recorded, recordOf } from './request-record.ts';
import type { SharedCounter } from './shared-windows.ts';
import type { Allowance } from './windows.ts';

/** What requests spend. A refusal leaves what was spent before it as it is. Nothing is waited for where points are counted here. */
export interface RateLimit {
  /** Spends the point that every request costs its address, once: before its body is read and its token is looked at. */
  enter: (request: object, address: string | undefined) => void | Promise<void>;
  /** Spends what an operation costs its viewer, and the rest of it its address; its record has the sum. */
  execute: (request: Recorded, viewer: Viewer, args: ExecutionArgs) => void | Promise<void>;
  /** The same for an operation that is known to cost this much. */
  spend: (request: Recorded, viewer: Viewer, points: number) => void | Promise<void>;
  /** What the request was found to have left. */
  allowances: (request: object) => readonly Allowance[];
}

type Name = 'viewer' | 'address';

interface Entry {
  address: string | undefined;
  allowances: Partial<Record<Name, Allowance>>;
}

/** Counts points, in windows, for viewers and for addresses. A limit of 0 points is none, and an absent address has none. */
export function createRateLimit(limits: Limits, redis: SharedCounter | undefined): RateLimit {
  const limiter = (name: Name, points: number) =>
    points === 0 ? undefined : createRateLimiter({ name, points, windowSeconds: limits.rateWindowSeconds }, redis);
  const limiters = {
    viewer: limiter('viewer', limits.viewerPoints),
    address: limiter('address', limits.addressPoints),
  };
  const entries = new WeakMap<object, Entry>();

  const take = (name: Name, key: string | undefined, points: number) =>
    key !== undefined && points > 0 ? limiters[name]?.(key, points) : undefined;

  const spend: RateLimit['spend'] = (request, viewer, points) => {
    const entry = entries.get(request);
    if (!entry) return;
    const record = recordOf(request);
    record.points = (record.points ?? 0) + points;
    // Both, also where the first is refused.
    const ofViewer = take('viewer', keyOf(viewer), points);
    const ofAddress = take('address', entry.address, points - 1);
    return settle(entry, ofViewer, ofAddress);
  };
  return {
    enter: (request, address) => {
      if (entries.has(request)) return;
      const entry: Entry = { address, allowances: {} };
      entries.set(request, entry);
      return settle(entry, undefined, take('address', address, 1));
    },
    execute: (request, viewer, args) => {
      if (entries.has(request)) return spend(request, viewer, costOf(args));
    },
    spend,
    allowances: (request) => Object.values(entries.get(request)?.allowances ?? {}),
  };
}

type Taken = Allowance | Promise<Allowance> | undefined;

/** @throws RateLimitedError where more was spent than there is */
function settle(entry: Entry, ofViewer: Taken, ofAddress: Taken): void | Promise<void> {
  if (ofViewer instanceof Promise || ofAddress instanceof Promise) {
    return Promise.all([ofViewer, ofAddress]).then(([viewer, address]) => settle(entry, viewer, address));
  }
  if (ofViewer) entry.allowances.viewer = ofViewer;
  if (ofAddress) entry.allowances.address = ofAddress;
  for (const allowance of [ofViewer, ofAddress]) {
    if (allowance?.isExceeded) throw new RateLimitedError(allowance.seconds);
  }
}

/** A stranger is known by address alone. */
function keyOf({ userId, service }: Viewer): string | undefined {
  return userId ?? service?.apiKeyId;
}
