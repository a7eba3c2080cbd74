import type { Plugin } from 'graphql-yoga';
import { graphiqlPage } from '../pages/graphiql.ts';
import { wantsPage } from '../request/accept.ts';
import { isOfThisMachine } from '../request/request-target.ts';
import type { SignIn } from '../sign-in/sign-in.ts';

/** Serves GraphiQL to a browser that opens `/graphql`; to one on this machine as the personas of the demo world, if there are any. */
export function useGraphiQL({ hasDemo, signIn }: { hasDemo: boolean; signIn: SignIn | undefined }): Plugin {
  return {
    async onRequest({ request, url, endResponse }) {
      if (url.pathname !== '/graphql' || !wantsPage(request)) return;
      endResponse(await graphiqlPage({ isDemo: hasDemo && isOfThisMachine(request), signIn }));
    },
  };
}
