import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import { authorizationOf } from '../../auth/credentials.ts';
import type { Sessions } from '../../auth/session.ts';
import { viewerIdOf } from '../../auth/viewer.ts';
import { addressOf } from '../limits/client-address.ts';
import type { RateLimit } from '../limits/rate-limit.ts';
import { type FastRequest, pathOf } from '../request/fast-request.ts';
import { FastResponse } from '../request/fast-response.ts';
import { recordOf } from '../request/request-record.ts';
import { type CachedResponse, type ResponseCache, responseKeyOf } from '../request/response-cache.ts';

interface ResponseLookupOptions {
  answers: ResponseCache;
  sessions: Sessions;
  rateLimit: RateLimit;
  trustedProxies: number;
  clock: () => Date;
  /** Those that add to an answer what is of its request alone. */
  plugins: readonly Plugin[];
}

/** Undefined where the request must be answered anew. */
export type ResponseLookup = (
  request: FastRequest,
  incoming: IncomingMessage | undefined,
) => FastResponse | undefined | Promise<FastResponse | undefined>;

/**
 * Gives the answers that were kept and still hold. Who asks is known, what it costs is spent, and its line is written; nothing
 * is executed. Who has spent too much is refused like anybody else, where requests are answered anew.
 */
export function createResponseLookup(options: ResponseLookupOptions): ResponseLookup {
  const { answers, sessions, rateLimit, trustedProxies, clock, plugins } = options;
  const onResponse = plugins.flatMap((plugin) => plugin.onResponse ?? []);

  const respond = (request: FastRequest, answer: CachedResponse) => {
    const response = new FastResponse(answer.body, answer);
    const payload = { request, response, serverContext: {} } as never;
    for (const hook of onResponse) void hook(payload);
    return response;
  };
  return (request, incoming) => {
    const now = clock();
    const viewer = sessions.find(authorizationOf(pathOf(request), request.headers), now);
    const answer = viewer && answers.get(responseKeyOf(viewer, request), now);
    if (!answer) return undefined;

    const record = recordOf(request);
    record.viewerId = viewerIdOf(viewer);
    record.operationName = answer.operationName;
    try {
      const entered = rateLimit.consume(request, addressOf(request, incoming, trustedProxies));
      const spend = () => rateLimit.spend(request, viewer, answer.points);
      const spent = entered ? entered.then(spend) : spend();
      if (!spent) return respond(request, answer);
      return spent.then(
        () => respond(request, answer),
        () => undefined,
      );
    } catch {
      return undefined;
    }
  };
}
