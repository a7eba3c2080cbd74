import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { parseStrictJson, RefusedJsonError } from '../../domain/input/strict-json.ts';
import { malformedRequest } from '../request/malformed-request.ts';
import { mediaTypeOf } from '../request/media-type.ts';

/** The parameters of a request; others are ignored, as GraphQL over HTTP requires. */
const names = new Set(['query', 'variables', 'operationName', 'extensions']);

/** The parameters that name a persisted document, for a request that sends none. */
const idNames = ['documentId', 'doc_id'];

/** Parses the parameters of a request, in its body or URL; JSON strictly. */
export function useParams(): Plugin {
  return {
    onRequestParse({ request, url, setRequestParser }) {
      if (request.method === 'GET') setRequestParser(() => paramsOf(url));
      if (request.method !== 'POST') return;
      const isDocument = mediaTypeOf(request.headers.get('content-type')) === 'application/graphql';
      setRequestParser(async (sent) => {
        const text = await sent.text();
        return isDocument ? { query: text } : parseParams(text);
      });
    },
  };
}

/** The parameters in a body; their types are checked later. */
function parseParams(text: string): GraphQLParams {
  const params = parse('body', text);
  if (Array.isArray(params)) return params as GraphQLParams;
  if (typeof params === 'object' && params !== null) return knownOf(params);
  throw malformedRequest('The body must be a JSON object');
}

function knownOf(params: object): GraphQLParams {
  const brings = 'query' in params && params.query;
  const isKnown = (name: string) => names.has(name) || (!brings && idNames.includes(name));
  return Object.fromEntries(Object.entries(params).filter(([name]) => isKnown(name)));
}

function paramsOf({ search, searchParams }: URL): GraphQLParams {
  if (!isUtf8(search)) throw malformedRequest('The address is not encoded in UTF-8');
  const given = ['query', 'operationName', 'documentId', 'doc_id'].map((name) => [
    name,
    searchParams.get(name) || undefined,
  ]);
  const parsed = ['variables', 'extensions'].map((name) => [name, parse(name, searchParams.get(name) || 'null')]);
  return knownOf(Object.fromEntries([...given, ...parsed]));
}

/** Otherwise invalid UTF-8 would silently become another text. */
function isUtf8(encoded: string): boolean {
  try {
    decodeURIComponent(encoded);
    return true;
  } catch {
    return false;
  }
}

function parse(part: string, text: string): unknown {
  try {
    return parseStrictJson(text);
  } catch (error) {
    // The message of V8 quotes the JSON, which may hold a secret.
    throw malformedRequest(
      `The ${part} is not valid JSON${error instanceof RefusedJsonError ? `: ${error.message}` : ''}`,
    );
  }
}
