import type { RedisClientType } from '@redis/client';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Allowance, Policy } from '../request/request-record.ts';

/** Redis, as far as points are counted in it. */
export type SharedCounter = Pick<RedisClientType, 'eval' | 'isReady'>;

/** How long, in ms, a request waits for Redis at most; where that is not enough, Redis is left alone for a while. */
const maxWaitMs = 250;
const pauseMs = 5_000;

type SpendAlone = (key: string, points: number) => Allowance;

/** Counts what keys spend together with other processes, and `alone` while Redis is away. */
export function shareWindows(
  policy: Policy,
  redis: SharedCounter,
  alone: SpendAlone,
): (key: string, points: number) => Promise<Allowance> {
  const limiter = new RateLimiterRedis({
    points: policy.points,
    duration: policy.windowSeconds,
    keyPrefix: `modelgate:${policy.name}`,
    storeClient: redis,
    useRedisPackage: true,
    rejectIfRedisNotReady: true,
  });
  let aloneUntil = 0;

  const spend = async (key: string, points: number) => {
    // What exceeds the limit is thrown, and so is that Redis cannot be asked.
    const spent = await limiter.consume(key, points).catch((refused: unknown) => {
      if (refused instanceof RateLimiterRes) return refused;
    });
    return spent && allowanceOf(policy, spent);
  };
  return async (key, points) => {
    if (performance.now() < aloneUntil) return alone(key, points);
    const onLate = () => {
      aloneUntil = performance.now() + pauseMs;
    };
    return (await inTime(spend(key, points), onLate)) ?? alone(key, points);
  };
}

function allowanceOf(policy: Policy, { consumedPoints, remainingPoints, msBeforeNext }: RateLimiterRes): Allowance {
  return {
    policy,
    isExceeded: consumedPoints > policy.points,
    remainingPoints,
    seconds: Math.ceil(msBeforeNext / 1_000),
  };
}

/** What comes of it, undefined where that takes too long. */
async function inTime<Result>(work: Promise<Result>, onLate: () => void): Promise<Result | undefined> {
  let timeout: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timeout = setTimeout(() => {
      onLate();
      resolve(undefined);
    }, maxWaitMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timeout));
}
