import type { Plugin } from 'graphql-yoga';

/**
 * Headers that a browser sends to another origin only after a preflight: a request that has one of them is no CSRF. The token is
 * one of them, since it is sent in a header, never in a cookie.
 */
export const preflightHeaders = [
  'authorization',
  'apollo-require-preflight',
  'graphql-require-preflight',
  'x-graphql-yoga-csrf',
];

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const requestHeaders = [
  'anthropic-version',
  'content-type',
  'graphql-cost',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'last-event-id',
  'x-api-key',
  'x-change-reason',
  'x-organization-id',
  'x-request-id',
];
const exposedHeaders = [
  'etag',
  'idempotency-replayed',
  'modelgate-signature',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'www-authenticate',
  'x-request-id',
  'x-total-count',
];

/**
 * Allows pages of these origins, and of no others, to read answers. Never with credentials: callers authenticate by a header,
 * which a page of another origin cannot make a browser add.
 */
export function useCors(origins: ReadonlySet<string>): Plugin {
  const isListed = (request: Request) => origins.has(request.headers.get('origin') ?? '');
  return {
    onRequest({ request, endResponse, fetchAPI }) {
      const isPreflight = request.method === 'OPTIONS' && request.headers.has('access-control-request-method');
      if (!isPreflight || !isListed(request)) return;
      const headers = {
        'access-control-allow-methods': methods.join(', '),
        'access-control-allow-headers': [...requestHeaders, ...preflightHeaders].join(', '),
        // The maximum of Chromium: two hours.
        'access-control-max-age': '7200',
      };
      endResponse(new fetchAPI.Response(null, { status: 204, headers }));
    },
    onResponse({ request, response }) {
      if (origins.size === 0) return;
      response.headers.append('vary', 'Origin');
      if (!isListed(request)) return;
      response.headers.set('access-control-allow-origin', request.headers.get('origin') ?? '');
      response.headers.set('access-control-expose-headers', exposedHeaders.join(', '));
    },
  };
}
