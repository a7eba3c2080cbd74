import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { errorResponse } from './error-response.ts';
import { FastRequest } from './fast-request.ts';
import type { FastResponse } from './fast-response.ts';
import { recordOf } from './request-record.ts';

/** A request as it came, where no Request can be made of it. */
interface Incoming {
  method: string;
  /** As in the request line. */
  target: string;
  headers: NodeJS.Dict<string | string[]>;
}

const maxLoggedPath = 200;

/** Responses to requests that no pipeline can handle, and to those that failed outside of it. */
export interface EdgeFaults {
  /** 400, for an invalid host or path, of which no URL can be made. Logged like any other request. */
  refuseAddress: (incoming: Incoming, serverContext: object) => FastResponse;
  /** 500, for an error that nothing else has caught. Logged as an error. */
  answerFailure: (incoming: Incoming, error: unknown) => FastResponse;
}

interface EdgeFaultsOptions {
  log: Logger;
  /** Those whose `onResponse` hooks finish a response. */
  plugins: readonly Plugin[];
  /** Called with the 500 of a failure, which the hooks are not. */
  onFailure: ((request: FastRequest, status: number) => void) | undefined;
}

export function createEdgeFaults({ log, plugins, onFailure }: EdgeFaultsOptions): EdgeFaults {
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
      const record = recordOf(request);
      const { traceId, path } = record;
      record.errorCode = 'INTERNAL_SERVER_ERROR';
      const status = 500;
      log.error({ traceId, method: incoming.method, path, status, err: error }, 'a request failed');
      const response = errorResponse(request, 'INTERNAL_SERVER_ERROR', 'Unexpected error.', status);
      onFailure?.(request, status);
      // Without the hooks: one of them may be what failed.
      response.headers.set('x-content-type-options', 'nosniff');
      response.headers.set('x-request-id', record.requestId ?? traceId);
      return response;
    },
  };
}

function requestOf({ method, target, headers }: Incoming): FastRequest {
  const request = new FastRequest({ method, path: '/', headers });
  // The log gets the path alone: a URL may hold a password, a query may hold secrets.
  const [path = ''] = target.startsWith('/') ? target.split('?', 1) : [];
  recordOf(request).path = path.slice(0, maxLoggedPath);
  return request;
}
