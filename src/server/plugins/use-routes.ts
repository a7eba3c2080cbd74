import type { Plugin } from 'graphql-yoga';

/** Answers GET and HEAD requests of these paths. */
export function useRoutes(
  routes: Readonly<Record<string, (request: Request) => Promise<Response> | Response>>,
): Plugin {
  const answers = new Map(Object.entries(routes));
  return {
    async onRequest({ request, url, endResponse, fetchAPI }) {
      const answer = answers.get(url.pathname);
      if (!answer) return;
      if (request.method === 'GET' || request.method === 'HEAD') return endResponse(await answer(request));
      endResponse(new fetchAPI.Response(null, { status: 405, headers: { allow: 'GET, HEAD' } }));
    },
  };
}
