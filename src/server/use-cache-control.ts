import type { Plugin } from 'graphql-yoga';
import { pathOf } from './lean-request.ts';

/**
 * Tells everything between here and the client what may be kept: of the graph nothing, since some answers hold what is told
 * once only; of the REST routes what their own client asks about anew each time, by its entity tag.
 */
export function useCacheControl(): Plugin {
  return {
    onResponse({ request, response: { headers } }) {
      const pathname = pathOf(request);
      if (pathname === '/graphql') headers.set('cache-control', 'no-store');
      if (pathname.startsWith('/v1/') && !headers.has('cache-control'))
        headers.set('cache-control', 'private, no-cache');
    },
  };
}
