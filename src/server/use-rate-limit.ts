import { IncomingMessage } from 'node:http';
import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';
import { clientAddress } from './client-address.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Allowance } from './windows.ts';

/**
 * Refuses who spends too much, and tells everybody what is left, in the headers of draft-ietf-httpapi-ratelimit-headers:
 * `RateLimit-Policy` and `RateLimit`.
 */
export function useRateLimit(
  rateLimit: RateLimit,
  trustedProxies: number,
): Plugin<Context, { req?: unknown }, Context> {
  return {
    onRequestParse({ request, serverContext }) {
      return rateLimit.enter(request, addressOf(request, serverContext.req, trustedProxies));
    },
    onExecute({ args }) {
      return spend(rateLimit, args);
    },
    onSubscribe({ args }) {
      return spend(rateLimit, args);
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

/** Of the client that sends a request, where that came by Node, as `incoming`. */
export function addressOf(
  { headers }: { headers: Pick<Headers, 'get'> },
  incoming: unknown,
  trustedProxies: number,
): string | undefined {
  if (!(incoming instanceof IncomingMessage)) return undefined;
  return clientAddress(incoming.socket.remoteAddress, headers.get('x-forwarded-for'), trustedProxies);
}

function spend(rateLimit: RateLimit, args: ExecutionArgs): void | Promise<void> {
  const { request, viewer } = args.contextValue as Context & { request: Request };
  return rateLimit.execute(request, viewer, args);
}

function describePolicy({ policy: { name, points, windowSeconds } }: Allowance): string {
  return `"${name}";q=${points};qu="points";w=${windowSeconds}`;
}

function describeAllowance({ policy, remainingPoints, seconds }: Allowance): string {
  return `"${policy.name}";r=${remainingPoints};t=${seconds}`;
}
