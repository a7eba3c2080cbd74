import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { placeOf, toClientError } from './client-error.ts';
import { recordOf } from './request-record.ts';

/** Gives every error of an answer its code, trace id and time, and logs those that are the service's own. */
export function useErrorDetails(log: Logger): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      if (!('errors' in result) || !result.errors) return;

      const record = recordOf(request);
      const timestamp = new Date().toISOString();
      const errors = result.errors.map((raw) => {
        const error = toClientError(raw);
        const { code, status, http } = error.extensions;
        record.errorCode ??= String(code);
        if (code === 'INTERNAL_SERVER_ERROR' || code === 'SERVICE_UNAVAILABLE') {
          log.error({ traceId: record.traceId, code, path: error.path, err: error.originalError }, 'a request failed');
        }
        return new GraphQLError(error.message, {
          ...placeOf(error),
          extensions: {
            ...error.extensions,
            // Without data the request as a whole failed, and its status says so.
            ...('data' in result ? {} : { http: http ?? { status: Number(status) } }),
            traceId: record.traceId,
            timestamp,
          },
        });
      });
      setResult({ ...result, errors });
    },
  };
}
