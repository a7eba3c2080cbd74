import type { Plugin, YogaServer } from 'graphql-yoga';
import type { Pipeline } from './graph.ts';
import type { RestOptions } from './options.ts';

/** Loads what answers below `/v1`: a tenth of a second's work, which the graph need not wait for. */
export function loadRest() {
  return import('./rest.ts');
}

/** Answers everything below `/v1`, beside the graph, and through it. */
export function useRest(options: RestOptions): Plugin {
  // biome-ignore lint/suspicious/noExplicitAny: what Yoga's own hook says.
  let yoga: YogaServer<any, any> | undefined;
  return {
    onYogaInit: (payload) => {
      yoga = payload.yoga;
    },
    async onRequest({ request, url, serverContext, endResponse }) {
      if (!url.pathname.startsWith('/v1/')) return;

      const { answerRest } = await loadRest();
      const pipeline = yoga?.getEnveloped({ ...serverContext, request, params: {} }) as unknown as Pipeline;
      endResponse(await answerRest(request, { pipeline, serverContext, options }));
    },
  };
}
