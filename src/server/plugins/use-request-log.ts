import type { Logger } from 'pino';
import type { ServerPlugin } from '../execute.ts';
import { pathOf } from '../request/fast-request.ts';
import { recordOf } from '../request/request-record.ts';

/** Sets `x-request-id`, to the trace id of the request unless it came with one, and writes one log line for each request. */
export function useRequestLog(log: Logger): ServerPlugin {
  return {
    onRequest({ request, url }) {
      recordOf(request).path = url.pathname;
    },
    onOperation({ plan, context }) {
      const record = recordOf(context.request);
      record.operationName = plan?.name;
      record.hasChanged ||= plan?.kind !== 'query';
    },
    onResponse({ request, response }) {
      const {
        traceId,
        requestId,
        startedAt,
        path,
        errorCode,
        reason,
        mismatch,
        operationName,
        evaluationId,
        viewerId,
      } = recordOf(request);
      response.headers.set('x-request-id', requestId ?? traceId);
      log.info({
        traceId,
        requestId: requestId === traceId ? undefined : requestId,
        method: request.method,
        path: path ?? pathOf(request),
        status: response.status,
        durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
        outcome: errorCode ?? (response.status < 400 ? 'OK' : 'REFUSED'),
        reason,
        mismatch,
        operationName,
        evaluationId,
        viewerId,
      });
    },
  };
}
