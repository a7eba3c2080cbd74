import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'graphql-yoga';
import { packageFolder, version } from '../../program.ts';
import { type Home, homePage } from '../pages/home.ts';
import { wantsPage } from '../request/accept.ts';

interface HomeOptions {
  /** A sentence that says what is missing; null where the service is ready. */
  readiness: () => Promise<string | null>;
  isEmbedded: boolean;
  hasConsole: boolean;
  hasGraphiql: boolean;
  /** Whether everybody may read the schema. */
  hasSchema: boolean;
}

/**
 * Answers `/`: JSON, and to browsers the console where there is one and the service is ready, else a page. Where everybody may read the schema, it is
 * at `/schema.graphql`.
 */
export function useHome({ readiness, isEmbedded, hasConsole, hasGraphiql, hasSchema }: HomeOptions): Plugin {
  const links = {
    ...(hasConsole ? { console: '/console' } : {}),
    ...(hasGraphiql ? { graphiql: '/graphql' } : { graphql: '/graphql' }),
    ...(hasSchema ? { schema: '/schema.graphql' } : {}),
    restDocs: '/v1/docs',
    openapi: '/v1/openapi.json',
    health: '/health',
    ready: '/ready',
    ...(isEmbedded ? { jwks: '/.well-known/jwks.json' } : {}),
  };
  const describe = async (): Promise<Home> => {
    const reason = await readiness();
    return {
      name: 'modelgate',
      version: version(),
      ...(reason === null ? { status: 'ready' } : { status: 'unavailable', reason }),
      mode: isEmbedded ? 'embedded' : 'external',
      links,
    };
  };
  return {
    async onRequest({ request, url, endResponse }) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return;
      if (url.pathname === '/') {
        const home = await describe();
        if (hasConsole && home.status === 'ready' && wantsPage(request)) return endResponse(toConsole());
        endResponse(wantsPage(request) ? await homePage(home) : Response.json(home, { headers }));
      }
      if (url.pathname === '/schema.graphql' && hasSchema) {
        const text = await readFile(join(packageFolder, 'schema.graphql'), 'utf8');
        endResponse(new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } }));
      }
    },
  };
}

const toConsole = () => new Response(null, { status: 302, headers: { ...headers, location: '/console' } });

const headers = { 'cache-control': 'no-store', vary: 'accept' };
