import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import { withBodyLimit } from './body-limit.ts';

/** Bounds what is read of a request, in bytes. Comes after the plugins that choose how it is parsed. */
export function useBodyLimit(limit: number): Plugin<object, { req?: IncomingMessage }> {
  return {
    onRequestParse({ request, requestParser, setRequestParser, serverContext }) {
      if (!requestParser) return;
      const limited = withBodyLimit(request, limit, serverContext.req);
      if (limited !== request) setRequestParser(async () => requestParser(await limited));
    },
  };
}
