import { type DocumentNode, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { recordOf } from './request-record.ts';

/** Answers every request with its trace id in `x-request-id`, and writes one line a request. */
export function useRequestLog(log: Logger): Plugin {
  return {
    onRequest({ request }) {
      recordOf(request);
    },
    onExecute({ args }) {
      noteOperation(args);
    },
    onSubscribe({ args }) {
      noteOperation(args);
    },
    onResponse({ request, response }) {
      const { traceId, startedAt, errorCode, operationName, viewerId } = recordOf(request);
      response.headers.set('x-request-id', traceId);
      log.info({
        traceId,
        method: request.method,
        path: new URL(request.url).pathname,
        status: response.status,
        durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
        outcome: errorCode ?? (response.status < 400 ? 'OK' : 'REFUSED'),
        operationName,
        viewerId,
      });
    },
  };
}

interface Operation {
  document: DocumentNode;
  operationName?: string | null | undefined;
  contextValue: { request: Request };
}

function noteOperation({ document, operationName, contextValue }: Operation): void {
  recordOf(contextValue.request).operationName = getOperationAST(document, operationName)?.name?.value;
}
