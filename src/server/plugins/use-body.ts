import type { Plugin } from 'graphql-yoga';
import { recordOf } from '../request/request-record.ts';

/** Throws the error that was found while the body was read. Comes after the plugins that check its media type. */
export function useBody(): Plugin {
  return {
    onRequestParse({ request }) {
      if (request.method !== 'GET') checkBody(request);
    },
  };
}

/** @throws GraphQLError, with its status: 400, 413, 415 */
export function checkBody(request: Request): void {
  const { bodyError } = recordOf(request);
  if (bodyError) throw bodyError;
}
