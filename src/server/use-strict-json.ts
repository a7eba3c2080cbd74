import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { AmbiguousJsonError, parseStrictJson } from '../domain/strict-json.ts';
import { malformedRequest } from './malformed-request.ts';

/** Reads the JSON of requests strictly, in bodies and in addresses. Comes before the limit of bodies. */
export function useStrictJson(): Plugin {
  return {
    onRequestParse({ request, url, requestParser, setRequestParser }) {
      if (!requestParser) return;
      if (request.method === 'GET') {
        setRequestParser(() => paramsOf(url.searchParams));
      } else if (/^application\/(graphql\+)?json\b/i.test(request.headers.get('content-type') ?? '')) {
        setRequestParser(async (limited) => parseParams(await limited.text()));
      }
    },
  };
}

/** What a request asks for; what each part is, is checked later. */
function parseParams(text: string): GraphQLParams {
  const params = parse('body', text);
  if (typeof params === 'object' && params !== null) return params;
  throw malformedRequest('The body must be a JSON object');
}

function paramsOf(search: URLSearchParams): GraphQLParams {
  const given = ['query', 'operationName', 'documentId'].map((name) => [name, search.get(name) || undefined]);
  const parsed = ['variables', 'extensions'].map((name) => [name, parse(name, search.get(name) || 'null')]);
  return Object.fromEntries([...given, ...parsed]);
}

function parse(part: string, text: string): unknown {
  try {
    return parseStrictJson(text);
  } catch (error) {
    // What V8 says of invalid JSON quotes it, and it may hold a secret.
    throw malformedRequest(
      `The ${part} is not valid JSON${error instanceof AmbiguousJsonError ? `: ${error.message}` : ''}`,
    );
  }
}
