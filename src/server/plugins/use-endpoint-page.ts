import type { Plugin } from 'graphql-yoga';
import { endpointPage } from '../pages/endpoint.ts';
import { wantsPage } from '../request/accept.ts';

/** Tells a browser that opens `/graphql` what it is, where there is no GraphiQL. A link to a query is answered as ever. */
export function useEndpointPage(): Plugin {
  return {
    async onRequest({ request, url, endResponse }) {
      if (url.pathname !== '/graphql' || url.search !== '' || !wantsPage(request)) return;
      endResponse(await endpointPage(request.headers.get('host')));
    },
  };
}
