import type { Plugin } from 'graphql-yoga';

/** Tells everything between here and the client to keep no answer of this path: some hold what is told once only. */
export function useNoStore(path: string): Plugin {
  return {
    onResponse({ request, response }) {
      if (new URL(request.url).pathname === path) response.headers.set('cache-control', 'no-store');
    },
  };
}
