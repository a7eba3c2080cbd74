import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Context } from '../../context.ts';
import type { DocumentPlans } from '../limits/document-plan.ts';
import { pathOf } from '../request/fast-request.ts';
import { recordOf } from '../request/request-record.ts';

/** Sets `x-request-id` to the trace id of the request, and writes one log line for each request. */
export function useRequestLog(log: Logger, plans: DocumentPlans<Context>): Plugin {
  const noteOperation = ({ document, operationName, contextValue }: ExecutionArgs) => {
    const record = recordOf((contextValue as { request: Request }).request);
    const operation = plans.of(document).operation(operationName);
    record.operationName = operation?.name;
    record.hasChanged ||= operation?.kind !== 'query';
  };
  return {
    onRequest({ request, url }) {
      recordOf(request).path = url.pathname;
    },
    onExecute({ args }) {
      noteOperation(args);
    },
    onSubscribe({ args }) {
      noteOperation(args);
    },
    onResponse({ request, response }) {
      const { traceId, startedAt, path, errorCode, reason, mismatch, operationName, viewerId } = recordOf(request);
      response.headers.set('x-request-id', traceId);
      log.info({
        traceId,
        method: request.method,
        path: path ?? pathOf(request),
        status: response.status,
        durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
        outcome: errorCode ?? (response.status < 400 ? 'OK' : 'REFUSED'),
        reason,
        mismatch,
        operationName,
        viewerId,
      });
    },
  };
}
