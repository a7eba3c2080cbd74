import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { mediaTypeOf } from '../request/media-type.ts';

const accepted = ['application/json', 'application/graphql+json', 'application/graphql'];

/** Refuses bodies of other media types: among them are those that a page of another site can send without a preflight (CSRF). */
export function useContentType(): Plugin {
  return {
    onRequestParse({ request }) {
      if (request.method !== 'POST' || accepted.includes(mediaTypeOf(request.headers.get('content-type')))) return;
      throw new GraphQLError(`The content type of a request must be ${accepted.join(' or ')}`, {
        extensions: { http: { status: 415, headers: { 'accept-post': accepted.join(', ') } } },
      });
    },
  };
}
