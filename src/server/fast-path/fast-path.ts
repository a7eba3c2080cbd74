import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DocumentNode, ExecutionResult } from 'graphql';
import { type Plugin, processRegularResult, type YogaServerInstance } from 'graphql-yoga';
import { parseStrictJson } from '../../domain/input/strict-json.ts';
import type { DocumentPlans } from '../limits/document-plan.ts';
import { toClientError } from '../request/client-error.ts';
import type { FastRequest } from '../request/fast-request.ts';
import { FastResponse } from '../request/fast-response.ts';

/** What the server's plugins make of a request's operation. */
interface Enveloped {
  schema: unknown;
  parse: (source: string) => DocumentNode;
  validate: (schema: unknown, document: DocumentNode) => readonly Error[];
  execute: (args: object) => Promise<ExecutionResult> | ExecutionResult;
}

// biome-ignore lint/suspicious/noExplicitAny: what its users add to a context is not looked at here.
export type Yoga = YogaServerInstance<any, any>;

interface FastPathOptions {
  /** Has all of the plugins, and its own. */
  yoga: Yoga;
  /** Those whose hooks finish a result and a response. */
  plugins: readonly Plugin[];
  plans: DocumentPlans<never>;
  /** Lets a request in. @throws where its address has spent what it may */
  enter: (request: FastRequest, wire: Wire) => Promise<void> | void;
  /** As the server opens it; no plugin adds to it. @throws UnauthenticatedError */
  openContext: (of: { request: Request }) => object | Promise<object>;
  /** Lets go of what was cached for a context, once its operation is done. */
  closeContext: (context: object) => void;
  /** Whether this caller may ask what it likes, beyond the documents that are known beforehand. */
  mayBringOwn: (params: Params) => boolean;
}

/** Where a request came by Node. */
export interface Wire {
  req?: IncomingMessage;
  res?: ServerResponse;
}

/** Undefined for what is not an ordinary operation: the server shall see to it. */
export type FastPath = (request: FastRequest, wire: Wire) => Promise<FastResponse | undefined>;

interface Params {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

type Result = Pick<ExecutionResult, 'data' | 'errors'>;

/**
 * The shortest way of an ordinary operation through the same pipeline: the plugins wrap parsing, validation, context and
 * execution as they do in the server, and finish its result and response; what is left out are the questions that do not
 * arise for a POST of JSON with a token.
 */
export function createFastPath({
  yoga,
  plugins,
  plans,
  enter,
  openContext,
  closeContext,
  mayBringOwn,
}: FastPathOptions): FastPath {
  const onResultProcess = plugins.flatMap((plugin) => plugin.onResultProcess ?? []);
  const onResponse = plugins.flatMap((plugin) => plugin.onResponse ?? []);

  const envelop = (initial: object) => yoga.getEnveloped(initial as never) as unknown as Enveloped;
  // What executes is the same for all requests.
  const { schema, execute } = envelop({});

  const run = async (request: FastRequest, params: Params): Promise<Result | undefined> => {
    const { query, variables: variableValues, operationName } = params;
    let document = plans.documents.get(query);
    if (!document || !plans.of(document).isValid) {
      const { parse, validate } = envelop({ request, params });
      document = parse(query);
      const errors = validate(schema, document);
      if (errors.length > 0) return { errors: errors as ExecutionResult['errors'] & object };
      plans.of(document).isValid = true;
    }
    const kind = plans.of(document).operation(operationName)?.kind;
    if (kind !== 'query' && kind !== 'mutation') return undefined;
    // Not Node's own objects: a context is kept by what is remembered for it until the next cleaning, and they are large.
    const of = { request: request as unknown as Request };
    const opened = openContext(of);
    // To the context, since that has more members than what is added.
    const contextValue = Object.assign(opened instanceof Promise ? await opened : opened, of, { params });
    try {
      return await execute({ schema, document, contextValue, variableValues, operationName });
    } finally {
      closeContext(contextValue);
    }
  };

  return async (request, wire) => {
    const mediaType = mediaTypeFor(request.headers.get('accept'));
    const params = mediaType && readParams(request.content);
    if (!params || !mayBringOwn(params)) return undefined;

    let result: Result | undefined;
    try {
      const entering = enter(request, wire);
      if (entering) await entering;
      result = await run(request, params);
    } catch (error) {
      result = { errors: [toClientError(error)] };
    }
    if (!result) return undefined;

    const setResult = (next: Result) => {
      result = next;
    };
    for (const hook of onResultProcess) void hook({ request, result, setResult } as never);
    const response = processRegularResult(
      result as never,
      { Response: FastResponse } as never,
      mediaType,
    ) as unknown as FastResponse;
    for (const hook of onResponse) {
      const finishing = hook({ request, response, serverContext: wire } as never);
      if (finishing) await finishing;
    }
    request.letGo();
    return response;
  };
}

const json = 'application/json';
const graphqlJson = 'application/graphql-response+json';

/** The media types of ordinary answers, by what ordinary clients accept; anything else is matched by the server. */
const mediaTypes = new Map<string | null, string>([
  [null, json],
  ['*/*', json],
  [json, json],
  [graphqlJson, graphqlJson],
  [`${graphqlJson}, ${json}`, graphqlJson],
  [`${graphqlJson},${json};q=0.9`, graphqlJson],
  [`${graphqlJson}, ${json};q=0.9`, graphqlJson],
]);

function mediaTypeFor(accept: string | null): string | undefined {
  return mediaTypes.get(accept);
}

/** A document with its variables, and nothing else that means anything; faults of JSON are the server's to tell. */
function readParams(content: string): Params | undefined {
  let params: unknown;
  try {
    params = parseStrictJson(content);
  } catch {
    return undefined;
  }
  if (typeof params !== 'object' || params === null || Array.isArray(params)) return undefined;

  const { query, variables, operationName, extensions, documentId, doc_id: docId } = params as Record<string, unknown>;
  const isOrdinary =
    typeof query === 'string' &&
    query !== '' &&
    (variables === undefined || variables === null || (typeof variables === 'object' && !Array.isArray(variables))) &&
    (operationName === undefined || operationName === null || typeof operationName === 'string') &&
    extensions === undefined &&
    documentId === undefined &&
    docId === undefined;
  return isOrdinary ? (params as Params) : undefined;
}
