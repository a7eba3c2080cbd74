import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import { type Plugin, processRegularResult, type YogaServerInstance } from 'graphql-yoga';
import type { Context } from '../../context.ts';
import { parseStrictJson } from '../../domain/input/strict-json.ts';
import type { Execute } from '../execute.ts';
import type { DocumentPlans } from '../limits/document-plan.ts';
import { toClientError } from '../request/client-error.ts';
import type { FastRequest } from '../request/fast-request.ts';
import { FastResponse } from '../request/fast-response.ts';
import type { OpenContext } from '../request/open-context.ts';

/** Parsing and validation as the plugins have wrapped them. */
interface Enveloped {
  schema: GraphQLSchema;
  parse: (source: string) => DocumentNode;
  validate: (schema: GraphQLSchema, document: DocumentNode) => readonly Error[];
}

// biome-ignore lint/suspicious/noExplicitAny: the type of the context does not matter here.
export type Yoga = YogaServerInstance<any, any>;

interface FastPathOptions {
  /** Wraps parsing and validation by all plugins. */
  yoga: Yoga;
  /** Plugins whose `onResultProcess` and `onResponse` hooks are called here. */
  plugins: readonly Plugin[];
  plans: DocumentPlans<Context>;
  /** Consumes the point that a request costs its address. @throws RateLimitedError */
  enter: (request: FastRequest, wire: Wire) => Promise<void> | void;
  /** Authenticates the caller, and creates the context. @throws UnauthenticatedError */
  openContext: OpenContext;
  execute: Execute;
  /** Drops what is cached for a context, once its operation is done. */
  closeContext: (context: object) => void;
  /** Whether this caller may send any document, beyond the persisted ones. */
  mayBringOwn: (params: Params) => boolean;
}

/** Node's request and response, where there are any. */
export interface Wire {
  req?: IncomingMessage;
  res?: ServerResponse;
}

/** Undefined for what is not an ordinary operation: Yoga must answer it. */
export type FastPath = (request: FastRequest, wire: Wire) => Promise<FastResponse | undefined>;

interface Params {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

type Result = Pick<ExecutionResult, 'data' | 'errors'>;

/**
 * Runs an ordinary operation as Yoga does, with less overhead: the same plugins wrap its parsing, validation and execution, and
 * finish its result and response. It leaves out the checks that a POST of JSON with a token cannot fail, such as CSRF.
 */
export function createFastPath({
  yoga,
  plugins,
  plans,
  enter,
  openContext,
  execute,
  closeContext,
  mayBringOwn,
}: FastPathOptions): FastPath {
  const onResultProcess = plugins.flatMap((plugin) => plugin.onResultProcess ?? []);
  const onResponse = plugins.flatMap((plugin) => plugin.onResponse ?? []);

  const envelop = (initial: object) => yoga.getEnveloped(initial as never) as unknown as Enveloped;
  // It does not depend on the request.
  const { schema } = envelop({});

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
    // Without Node's request and response: caches keep the context until the next garbage collection, and those are large.
    const opened = openContext({ request: request as unknown as Request, params });
    const contextValue = opened instanceof Promise ? await opened : opened;
    try {
      const executed = await execute({
        schema,
        document,
        contextValue,
        variableValues: variableValues ?? {},
        operationName: operationName ?? null,
      });
      return executed as ExecutionResult;
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
      const consumed = enter(request, wire);
      if (consumed) await consumed;
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
      const finished = hook({ request, response, serverContext: wire } as never);
      if (finished) await finished;
    }
    request.letGo();
    return response;
  };
}

const json = 'application/json';
const graphqlJson = 'application/graphql-response+json';

/** The media type of the answer, by the `Accept` of common clients. Any other `Accept` is left to Yoga. */
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

/** A document, its variables and its operation name. Undefined for anything else, also for invalid JSON: Yoga answers it. */
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
