import type { Plugin } from 'graphql-yoga';
import { type ConsolePage, consolePage } from '../pages/console.ts';
import { isOfThisMachine } from '../request/request-target.ts';

/** Serves the console at `/console`; to a browser on this machine as the personas of the demo world, if there are any. */
export function useConsole({ hasDemo, ...options }: Omit<ConsolePage, 'isDemo'> & { hasDemo: boolean }): Plugin {
  return {
    async onRequest({ request, url, endResponse, fetchAPI }) {
      if (url.pathname !== '/console') return;
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        return endResponse(new fetchAPI.Response(null, { status: 405, headers: { allow: 'GET, HEAD' } }));
      }
      endResponse(await consolePage({ ...options, isDemo: hasDemo && isOfThisMachine(request) }));
    },
  };
}
