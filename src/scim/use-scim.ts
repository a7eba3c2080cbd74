import type { Plugin } from 'graphql-yoga';
import type { ScimOptions } from './options.ts';

/** Answers everything below `/scim/v2`, beside the graph. Its module is loaded with the first request: most services have no directory. */
export function useScim(options: ScimOptions): Plugin {
  return {
    async onRequest({ request, url, serverContext, endResponse }) {
      if (!url.pathname.startsWith('/scim/v2/')) return;

      const { answerScim } = await import('./scim.ts');
      endResponse(await answerScim(request, { serverContext, options }));
    },
  };
}
