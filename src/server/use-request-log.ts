import { type DocumentNode, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { pathOf } from './lean-request.ts';
import { recordOf } from './request-record.ts';

/** Answers every request with its trace id in `x-request-id`, and writes one line a request. */
export function useRequestLog(log: Logger): Plugin {
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

interface Operation {
  document: DocumentNode;
  operationName?: string | null | undefined;
  contextValue: { request: Request };
}

function noteOperation({ document, operationName, contextValue }: Operation): void {
  const record = recordOf(contextValue.request);
  const operation = getOperationAST(document, operationName);
  record.operationName = operation?.name?.value;
  record.hasChanged ||= operation?.operation !== 'query';
}
