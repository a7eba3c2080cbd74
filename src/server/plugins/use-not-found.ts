import type { Plugin } from 'graphql-yoga';
import { errorResponse } from '../request/error-response.ts';

/** Answers 404 to unknown paths. Comes after the plugins that have paths of their own. */
export function useNotFound(): Plugin {
  return {
    onRequest({ request, url, endResponse }) {
      if (url.pathname === '/graphql' || url.pathname === '/graphql/') return;
      endResponse(errorResponse(request, 'NOT_FOUND', 'There is no such path', 404).toFetch());
    },
  };
}
