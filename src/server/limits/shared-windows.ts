import type { RedisClientType } from '@redis/client';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Allowance, Policy } from '../request/request-record.ts';

/** The Redis client, as far as rate limits use it. */
export type SharedCounter = Pick<RedisClientType, 'eval' | 'isReady'>;

/** How long, in ms, a request waits for Redis at most. After a timeout Redis is not asked for `pauseMs`. */
const maxWaitMs = 250;
const pauseMs = 5_000;

type SpendAlone = (key: string, points: number) => Allowance;

/** Counts points in Redis, shared with other processes; by `alone` while Redis does not answer. */
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
    // Rejects with a RateLimiterRes where the limit is exceeded, with an Error where Redis fails.
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

/** The result; undefined after `maxWaitMs`. */
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
