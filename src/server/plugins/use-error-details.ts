import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, mapAsyncIterator, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { RateLimitedError } from '../../errors/base.ts';
import { placeOf, toClientError } from '../request/client-error.ts';
import { recordError, recordOf } from '../request/request-record.ts';

/** Adds code, trace id and time to every error of an answer or event, and logs those that are the service's own fault. */
export function useErrorDetails(log: Logger): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      const detail = (answer: ExecutionResult) => withDetails(log, request, answer);
      if (isAsyncIterable(result)) setResult(mapAsyncIterator(result, detail));
      else if (!Array.isArray(result)) setResult(detail(result));
    },
  };
}

function withDetails(log: Logger, request: Request, result: ExecutionResult): ExecutionResult {
  if (!result.errors) return result;

  const { traceId } = recordOf(request);
  const timestamp = new Date().toISOString();
  const errors = result.errors.map((raw) => {
    const error = toClientError(raw);
    const { http } = error.extensions;
    noteError(log, request, error);
    return new GraphQLError(error.message, {
      ...placeOf(error),
      extensions: {
        ...error.extensions,
        // Without data the whole request failed, which its HTTP status says.
        ...('data' in result ? {} : { http: http ?? httpOf(error) }),
        traceId,
        timestamp,
      },
    });
  });
  return { ...result, errors };
}

/** The HTTP status of an error that has none yet, and `Retry-After` for a rate limit. */
function httpOf({ originalError, extensions: { status } }: GraphQLError) {
  const headers = originalError instanceof RateLimitedError && {
    headers: { 'retry-after': String(originalError.retryAfterSeconds) },
  };
  return { status: Number(status), ...headers };
}

/** Records the first code for the request's log line, and logs at once what is the service's own fault. */
export function noteError(log: Logger, request: Request, { extensions, path, originalError }: GraphQLError): void {
  // The client has disconnected: no fault.
  if (request.signal.aborted && originalError === request.signal.reason) return;
  const record = recordOf(request);
  const { code } = extensions;
  recordError(record, String(code), originalError);
  if (code === 'INTERNAL_SERVER_ERROR' || code === 'SERVICE_UNAVAILABLE') {
    log.error({ traceId: record.traceId, code, path, err: originalError }, 'a request failed');
  }
}
