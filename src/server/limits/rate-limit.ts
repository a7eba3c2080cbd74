import { type Viewer, viewerIdOf } from '../../auth/viewer.ts';
import { RateLimitedError } from '../../errors/base.ts';
import type { Limits } from '../../limits.ts';
import { type Allowance, type Recorded, recordOf, type Spending } from '../request/request-record.ts';
import { createRateLimiter } from './rate-limiter.ts';
import type { SharedCounter } from './shared-windows.ts';

/** What requests spend. A refusal leaves what was spent before it as it is. Nothing is waited for where points are counted here. */
export interface RateLimit {
  /** Spends the point that every request costs its address, once: before its body is read and its token is looked at. */
  consume: (request: Recorded, address: string | undefined) => void | Promise<void>;
  /** Spends what an operation costs its viewer, and the rest of it its address; the request's record has the sum. */
  spend: (request: Recorded, viewer: Viewer, points: number) => void | Promise<void>;
  /** What the request was found to have left. */
  allowances: (request: Recorded) => readonly Allowance[];
}

type Name = 'viewer' | 'address';

/** Counts points, in windows, for viewers and for addresses. A limit of 0 points is none, and an absent address has none. */
export function createRateLimit(limits: Limits, redis: SharedCounter | undefined): RateLimit {
  const limiter = (name: Name, points: number) =>
    points === 0 ? undefined : createRateLimiter({ name, points, windowSeconds: limits.rateWindowSeconds }, redis);
  const limiters = {
    viewer: limiter('viewer', limits.viewerPoints),
    address: limiter('address', limits.addressPoints),
  };

  const take = (name: Name, key: string | null | undefined, points: number) =>
    typeof key === 'string' && points > 0 ? limiters[name]?.(key, points) : undefined;

  const spend: RateLimit['spend'] = (request, viewer, points) => {
    const record = recordOf(request);
    const { spending } = record;
    if (!spending) return;
    record.points = (record.points ?? 0) + points;
    // Both, also where the first is refused. A stranger is known by address alone.
    const ofViewer = take('viewer', viewerIdOf(viewer), points);
    const ofAddress = take('address', spending.address, points - 1);
    return settle(spending, ofViewer, ofAddress);
  };
  return {
    consume: (request, address) => {
      const record = recordOf(request);
      if (record.spending) return;
      record.spending = { address, allowances: {} };
      return settle(record.spending, undefined, take('address', address, 1));
    },
    spend,
    allowances: (request) => Object.values(recordOf(request).spending?.allowances ?? {}),
  };
}

type Taken = Allowance | Promise<Allowance> | undefined;

/** @throws RateLimitedError where more was spent than there is */
function settle(spending: Spending, ofViewer: Taken, ofAddress: Taken): void | Promise<void> {
  if (ofViewer instanceof Promise || ofAddress instanceof Promise) {
    return Promise.all([ofViewer, ofAddress]).then(([viewer, address]) => settle(spending, viewer, address));
  }
  if (ofViewer) spending.allowances.viewer = ofViewer;
  if (ofAddress) spending.allowances.address = ofAddress;
  for (const allowance of [ofViewer, ofAddress]) {
    if (allowance?.isExceeded) throw new RateLimitedError(allowance.seconds);
  }
}
