import { type Viewer, viewerIdOf } from '../../auth/viewer.ts';
import { RateLimitedError } from '../../errors/base.ts';
import type { Limits } from '../../limits.ts';
import { type Allowance, type Recorded, recordOf, type Spending } from '../request/request-record.ts';
import { createRateLimiter } from './rate-limiter.ts';
import type { SharedCounter } from './shared-windows.ts';

/** Consumes points for requests. A refusal gives nothing back. Synchronous where this process counts alone. */
export interface RateLimit {
  /** Consumes the point that every request costs its address, once: before its token is verified. @throws RateLimitedError */
  consume: (request: Recorded, address: string | undefined) => void | Promise<void>;
  /**
   * Consumes the cost of an operation from its viewer, and all but one point of it from its address; the record has the sum.
   * @throws RateLimitedError
   */
  spend: (request: Recorded, viewer: Viewer, points: number) => void | Promise<void>;
  /** The same, by the id of the caller; null for an anonymous one. */
  spendOf: (request: Recorded, callerId: string | null, points: number) => void | Promise<void>;
  /** The remaining points, as of the last that were consumed. */
  allowances: (request: Recorded) => readonly Allowance[];
}

type Name = 'viewer' | 'address';

/** Rate limits of viewers and addresses, in windows. A limit of 0 is no limit; a request without an address has none for it. */
export function createRateLimit(limits: Limits, redis: SharedCounter | undefined): RateLimit {
  const limiter = (name: Name, points: number) =>
    points === 0 ? undefined : createRateLimiter({ name, points, windowSeconds: limits.rateWindowSeconds }, redis);
  const limiters = {
    viewer: limiter('viewer', limits.viewerPoints),
    address: limiter('address', limits.addressPoints),
  };

  const take = (name: Name, key: string | null | undefined, points: number) =>
    typeof key === 'string' && points > 0 ? limiters[name]?.(key, points) : undefined;

  const spendOf: RateLimit['spendOf'] = (request, callerId, points) => {
    const record = recordOf(request);
    const { spending } = record;
    if (!spending) return;
    record.points = (record.points ?? 0) + points;
    // From both, also where the first is exceeded. An anonymous caller has an address alone.
    const ofViewer = take('viewer', callerId, points);
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
    spend: (request, viewer, points) => spendOf(request, viewerIdOf(viewer), points),
    spendOf,
    allowances: (request) => Object.values(recordOf(request).spending?.allowances ?? {}),
  };
}

type Taken = Allowance | Promise<Allowance> | undefined;

/** Records the remaining points. @throws RateLimitedError where a limit is exceeded */
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
