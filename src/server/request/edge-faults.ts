import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { errorResponse } from './error-response.ts';
import { FastRequest } from './fast-request.ts';
import type { FastResponse } from './fast-response.ts';
import { recordOf } from './request-record.ts';

/** A request as it came, of which no more may be made. */
interface Incoming {
  method: string;
  /** As the request line has it. */
  target: string;
  headers: NodeJS.Dict<string | string[]>;
}

const maxLoggedPath = 200;

/** The answers to requests that cannot be handed on, and to those of which nothing has come. */
export interface EdgeFaults {
  /** To what is addressed to nobody: no URL can be made of it. It is logged like any other. */
  refuseAddress: (incoming: Incoming, serverContext: object) => FastResponse;
  /** To what met a fault of the service where nobody else was left to see it. It is logged as an error. */
  answerFailure: (incoming: Incoming, error: unknown) => FastResponse;
}

/** `plugins` are those whose hooks finish a response. */
export function createEdgeFaults({ log, plugins }: { log: Logger; plugins: readonly Plugin[] }): EdgeFaults {
  const onResponse = plugins.flatMap((plugin) => plugin.onResponse ?? []);
  return {
    refuseAddress: (incoming, serverContext) => {
      const request = requestOf(incoming);
      const response = errorResponse(request, 'VALIDATION_ERROR', 'The host or the path of the request is none', 400);
      for (const hook of onResponse) void hook({ request, response, serverContext } as never);
      return response;
    },
    answerFailure: (incoming, error) => {
      const request = requestOf(incoming);
      const { traceId, path } = recordOf(request);
      const status = 500;
      log.error({ traceId, method: incoming.method, path, status, err: error }, 'a request failed');
      const response = errorResponse(request, 'INTERNAL_SERVER_ERROR', 'Unexpected error.', status);
      // Not by the hooks: what has failed may be one of them.
      response.headers.set('x-content-type-options', 'nosniff');
      response.headers.set('x-request-id', traceId);
      return response;
    },
  };
}

function requestOf({ method, target, headers }: Incoming): FastRequest {
  const request = new FastRequest({ method, path: '/', headers });
  // What else may stand there, such as a password or a query, is not for the log.
  const [path = ''] = target.startsWith('/') ? target.split('?', 1) : [];
  recordOf(request).path = path.slice(0, maxLoggedPath);
  return request;
}
