import type { Plugin } from 'graphql-yoga';
import type { LocalIssuer } from '../../auth/issuer.ts';
import { demoPeople } from '../../database/migrate/demo-world.ts';
import { isOfThisMachine } from '../request/request-target.ts';

/**
 * Gives pages on this machine a token for each persona of the demo world, at `/sign-in/personas.json`. It authenticates whoever asks:
 * use it only where the service listens on loopback alone. The `Host` must be loopback too, against DNS rebinding; what comes through a
 * proxy, and other sites' pages, are given nothing.
 */
export function useDemoTokens(local: LocalIssuer): Plugin {
  return {
    async onRequest({ request, url, endResponse }) {
      if (url.pathname !== '/sign-in/personas.json' || request.method !== 'GET' || !isOfThisMachine(request)) return;
      if ((request.headers.get('sec-fetch-site') ?? 'same-origin') !== 'same-origin') return;

      const minted = demoPeople.map(async ({ persona, id }) => [persona, await local.mint(id, '12h')]);
      const tokens = Object.fromEntries(await Promise.all(minted));
      endResponse(Response.json(tokens, { headers: { 'cache-control': 'no-store' } }));
    },
  };
}
