import type { Plugin } from 'graphql-yoga';
import { pathOf } from '../request/fast-request.ts';

/** For pages that set no content security policy themselves. */
const pagePolicy = "default-src 'none'; frame-ancestors 'none'";

/**
 * Sets the headers that every answer has. `Cache-Control`: nothing of the graph is stored by clients and proxies, since some
 * answers hold secrets that are shown once; answers below `/v1` are revalidated by ETag each time. For browsers: no sniffing of
 * media types, no framing of pages. `Retry-After` where the service cannot answer now: in seconds.
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
      if (status === 503 && !headers.has('retry-after')) headers.set('retry-after', '1');
      if (headers.get('content-type')?.startsWith('text/html')) guardPage(headers);
    },
  };
}

function guardPage(headers: Headers): void {
  if (!headers.has('content-security-policy')) headers.set('content-security-policy', pagePolicy);
  // For browsers without support of frame-ancestors.
  if (!headers.has('x-frame-options')) headers.set('x-frame-options', 'DENY');
}
