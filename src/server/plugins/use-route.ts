import type { Plugin } from 'graphql-yoga';

/** Answers GET and HEAD requests of one path. */
export function useRoute(path: string, answer: () => Promise<Response> | Response): Plugin {
  return {
    async onRequest({ request, url, endResponse, fetchAPI }) {
      if (url.pathname !== path) return;
      if (request.method === 'GET' || request.method === 'HEAD') return endResponse(await answer());
      endResponse(new fetchAPI.Response(null, { status: 405, headers: { allow: 'GET, HEAD' } }));
    },
  };
}
