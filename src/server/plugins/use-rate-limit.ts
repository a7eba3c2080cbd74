import type { Plugin } from 'graphql-yoga';
import { addressOf } from '../limits/client-address.ts';
import type { RateLimit } from '../limits/rate-limit.ts';
import type { Allowance, Policy } from '../request/request-record.ts';

/**
 * Refuses callers over their rate limit, and reports the remaining points in the headers of draft-ietf-httpapi-ratelimit-headers:
 * `RateLimit-Policy` and `RateLimit`.
 */
export function useRateLimit(rateLimit: RateLimit, trustedProxies: number): Plugin<object, { req?: unknown }> {
  return {
    onRequestParse({ request, serverContext }) {
      return rateLimit.consume(request, addressOf(request, serverContext.req, trustedProxies));
    },
    onResponse({ request, response: { headers } }) {
      const allowances = rateLimit.allowances(request);
      if (allowances.length === 0) return;
      headers.set('ratelimit-policy', allowances.map(describePolicy).join(', '));
      headers.set('ratelimit', allowances.map(describeAllowance).join(', '));
      const exceeded = allowances.filter(({ isExceeded }) => isExceeded).map(({ seconds }) => seconds);
      if (exceeded.length > 0) headers.set('retry-after', String(Math.max(...exceeded)));
    },
  };
}

const policies = new WeakMap<Policy, string>();

function describePolicy({ policy }: Allowance): string {
  const known = policies.get(policy);
  if (known !== undefined) return known;
  const described = `"${policy.name}";q=${policy.points};qu="points";w=${policy.windowSeconds}`;
  policies.set(policy, described);
  return described;
}

function describeAllowance({ policy, remainingPoints, seconds }: Allowance): string {
  return `"${policy.name}";r=${remainingPoints};t=${seconds}`;
}
