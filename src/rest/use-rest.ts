import type { Plugin } from 'graphql-yoga';
import type { RestOptions } from './options.ts';

/** Loads what answers below `/v1`: a tenth of a second's work, which the graph need not wait for. */
export function loadRest() {
  return import('./rest.ts');
}

/** Answers everything below `/v1`, beside the graph, and through it. */
export function useRest(options: RestOptions): Plugin {
  return {
    async onRequest({ request, url, serverContext, endResponse }) {
      if (!url.pathname.startsWith('/v1/')) return;

      const { answerRest } = await loadRest();
      endResponse(await answerRest(request, { serverContext, options }));
    },
  };
}
