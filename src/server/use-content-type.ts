import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

const accepted = ['application/json', 'application/graphql+json', 'application/graphql'];

/** Refuses bodies in any other form: among those are the forms that a page of another site can send unasked. */
export function useContentType(): Plugin {
  return {
    onRequestParse({ request }) {
      if (request.method !== 'POST') return;
      const contentType = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
      if (contentType !== undefined && accepted.includes(contentType)) return;
      throw new GraphQLError(`The content type of a request must be ${accepted.join(' or ')}`, {
        extensions: { http: { status: 415, headers: { 'accept-post': accepted.join(', ') } } },
      });
    },
  };
}
