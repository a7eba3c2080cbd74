import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { parseStrictJson, RefusedJsonError } from '../../domain/input/strict-json.ts';
import { malformedRequest } from '../request/malformed-request.ts';
import { mediaTypeOf } from '../request/media-type.ts';

/** What a request may say; anything else beside it is left aside, as GraphQL over HTTP wants. */
const names = new Set(['query', 'variables', 'operationName', 'extensions']);

/** What names a document, for a request that brings none. */
const idNames = ['documentId', 'doc_id'];

/** Reads what requests ask for, in bodies and in addresses: JSON strictly. */
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

/** What a request asks for; what each part is, is checked later. */
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

/** Else what is none would become another text. */
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
    // What V8 says of invalid JSON quotes it, and it may hold a secret.
    throw malformedRequest(
      `The ${part} is not valid JSON${error instanceof RefusedJsonError ? `: ${error.message}` : ''}`,
    );
  }
}
