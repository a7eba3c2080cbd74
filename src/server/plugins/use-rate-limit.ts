import { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Plugin } from 'graphql-yoga';
import { clientAddress } from '../limits/client-address.ts';
import type { RateLimit } from '../limits/rate-limit.ts';
import type { Allowance, Policy } from '../limits/windows.ts';

/**
 * Refuses who spends too much, and tells everybody what is left, in the headers of draft-ietf-httpapi-ratelimit-headers:
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

const addresses = new WeakMap<Socket, string>();

/** Of the client that sends a request, where that came by Node, as `incoming`. */
export function addressOf(
  { headers }: { headers: Pick<Headers, 'get'> },
  incoming: unknown,
  trustedProxies: number,
): string | undefined {
  if (!(incoming instanceof IncomingMessage)) return undefined;
  const { socket } = incoming;
  if (trustedProxies > 0) return clientAddress(socket.remoteAddress, headers.get('x-forwarded-for'), trustedProxies);

  // That of a connection does not change, and its requests are many.
  const known = addresses.get(socket);
  if (known !== undefined) return known;
  const address = clientAddress(socket.remoteAddress, null, 0);
  if (address !== undefined) addresses.set(socket, address);
  return address;
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
