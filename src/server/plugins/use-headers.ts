import type { Plugin } from 'graphql-yoga';
import { pathOf } from '../request/fast-request.ts';

/** For a page that does not say itself what it may do. */
const pagePolicy = "default-src 'none'; frame-ancestors 'none'";

/**
 * The headers that every answer has, or every one of its kind. What may be kept of it, by all between here and the client: of
 * the graph nothing, since some answers hold what is told once only; of the REST routes what their own client asks about anew
 * each time, by its entity tag. And what a browser must not make of it: another type, or a part of another page.
 */
export function useHeaders(): Plugin {
  return {
    onResponse({ request, response: { headers, status } }) {
      headers.set('x-content-type-options', 'nosniff');
      const pathname = pathOf(request);
      if (pathname.startsWith('/graphql')) headers.set('cache-control', 'no-store');
      if (pathname.startsWith('/v1/') && !headers.has('cache-control'))
        headers.set('cache-control', 'private, no-cache');
      if (status === 401) headers.set('www-authenticate', 'Bearer');
      if (headers.get('content-type')?.startsWith('text/html')) guardPage(headers);
    },
  };
}

function guardPage(headers: Headers): void {
  if (!headers.has('content-security-policy')) headers.set('content-security-policy', pagePolicy);
  // For browsers that do not know frame-ancestors.
  headers.set('x-frame-options', 'DENY');
}
