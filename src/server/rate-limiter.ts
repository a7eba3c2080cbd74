import type { RedisClientType } from '@redis/client';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

/** Redis, as far as points are counted in it. */
export type SharedCounter = Pick<RedisClientType, 'eval' | 'isReady'>;

/** How long, in ms, a request waits for Redis at most; where that is not enough, Redis is left alone for a while. */
const patienceMs = 250;
const pauseMs = 5_000;

/** What a key may spend in a window, which begins with the first point that is spent. */
export interface Policy {
  /** Of whom the key is, in headers and keys: `viewer`, `address`. */
  name: string;
  points: number;
  windowSeconds: number;
}

/** What is left of a policy for one key. */
export interface Allowance {
  policy: Policy;
  isExceeded: boolean;
  remainingPoints: number;
  /** Until the window ends. */
  seconds: number;
}

export type Spend = (key: string, points: number) => Promise<Allowance>;

/** Counts what is spent: together with other processes where there is a Redis, else, and while that is away, alone. */
export function createRateLimiter(policy: Policy, redis: SharedCounter | undefined): Spend {
  const options = { points: policy.points, duration: policy.windowSeconds, keyPrefix: `modelgate:${policy.name}` };
  const own = new RateLimiterMemory(options);
  const shared =
    redis &&
    new RateLimiterRedis({
      ...options,
      storeClient: redis,
      useRedisPackage: true,
      rejectIfRedisNotReady: true,
      insuranceLimiter: own,
    });
  let aloneUntil = 0;
  const consume = (key: string, points: number) => {
    if (!shared || performance.now() < aloneUntil) return own.consume(key, points);
    return inTime(shared.consume(key, points), () => {
      aloneUntil = performance.now() + pauseMs;
      return own.consume(key, points);
    });
  };

  return async (key, points) => {
    // What exceeds the limit is thrown.
    const spent = await consume(key, points).catch((refused: unknown) => {
      if (refused instanceof RateLimiterRes) return refused;
      throw refused;
    });
    return {
      policy,
      isExceeded: spent.consumedPoints > policy.points,
      remainingPoints: spent.remainingPoints,
      seconds: Math.ceil(spent.msBeforeNext / 1_000),
    };
  };
}

async function inTime<Result>(work: Promise<Result>, instead: () => Promise<Result>): Promise<Result> {
  let timeout: NodeJS.Timeout | undefined;
  const late = new Promise<Result>((resolve) => {
    timeout = setTimeout(() => resolve(instead()), patienceMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timeout));
}
