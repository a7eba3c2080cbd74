import { GraphQLError, Source } from 'graphql';
import { isBadValue, isUnavailable } from '../../database/pool/faults.ts';
import { type ErrorCode, errorCodes, ServiceUnavailableError, UserError } from '../../errors/base.ts';
import { MalformedRequestError } from './malformed-request.ts';
import { withoutValues } from './without-values.ts';

const made = new WeakSet<object>();

const badValue = 'The request holds a value that cannot be stored or compared, such as a NUL character';
// For the RangeError of the parser, when it runs out of stack.
const tooDeep = 'The document is nested too deeply';

/**
 * Any error as a client may see it, with its code. An error that is neither a `UserError` nor the fault of the request is masked;
 * the original is its `originalError`, for the log.
 */
export function toClientError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError && made.has(error)) return error;

  const original = originalOf(error);
  const located = error instanceof GraphQLError ? error : undefined;
  if (original instanceof UserError)
    return present(original.code, original.message, original.details, located, original);
  if (isUnavailable(original)) {
    const { code, message } = new ServiceUnavailableError();
    return present(code, message, {}, located, original);
  }
  if (isBadValue(original)) return present('VALIDATION_ERROR', badValue, {}, located);
  if (original instanceof RangeError && located?.path === undefined)
    return present('VALIDATION_ERROR', tooDeep, {}, located);
  if (located instanceof MalformedRequestError) return present('VALIDATION_ERROR', located.message, {}, located);
  if (located && isFaultOfTheRequest(located))
    return present('VALIDATION_ERROR', withoutValues(located.message), {}, located);
  return present('INTERNAL_SERVER_ERROR', 'Unexpected error.', {}, located, original);
}

function present(
  code: ErrorCode,
  message: string,
  details: Record<string, unknown>,
  located: GraphQLError | undefined,
  original?: unknown,
): GraphQLError {
  const http = httpOf(located);
  const { type } = errorCodes[code];
  const { status } = original instanceof UserError ? original : errorCodes[code];
  const error = new GraphQLError(message, {
    ...placeOf(located),
    originalError: original instanceof Error ? original : null,
    extensions: { code, type, status: http?.status ?? status, details, ...(http ? { http } : {}) },
  });
  made.add(error);
  return error;
}

/** A client error as data, kept with an idempotent answer; `reviveClientError` makes an error of it again. */
export type KeptError = Pick<GraphQLError, 'message' | 'path' | 'positions' | 'extensions'>;
export function reviveClientError({ message, path, positions, extensions }: KeptError, document: string): GraphQLError {
  const place = { path: path ?? null, positions: positions ?? null, source: new Source(document) };
  const error = new GraphQLError(message, { ...place, extensions });
  made.add(error);
  return error;
}

/** Yoga answers 200 to an invalid document (`spec`); a request without a document, or with invalid JSON, keeps its status. */
function httpOf(located: GraphQLError | undefined) {
  const http = located?.extensions.http;
  return http?.spec && http.status && !located?.locations ? { status: http.status } : http;
}

/** Where an error happened, as options for the constructor of another. */
export function placeOf(error: GraphQLError | undefined) {
  const { nodes = null, source = null, positions = null, path = null } = error ?? {};
  return { nodes, source, positions, path };
}

/** Unwraps what graphql-js and Yoga have wrapped. */
function originalOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? originalOf(error.originalError) : error;
}

/** Errors of documents, variables and arguments. An error with a path may also be about the value of a resolver. */
function isFaultOfTheRequest(error: GraphQLError): boolean {
  if (error.originalError && !(error.originalError instanceof GraphQLError)) return false;
  return error.path === undefined || error.message.startsWith('Argument "');
}
