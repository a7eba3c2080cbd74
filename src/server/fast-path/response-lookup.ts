import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import { credentialsOf } from '../../auth/credentials.ts';
import type { Sessions } from '../../auth/session.ts';
import { viewerIdOf } from '../../auth/viewer.ts';
import type { RefusalCounter } from '../../domain/refusals/refusal-counter.ts';
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
  refusals: RefusalCounter;
  /** Called with each request that is found. */
  onArrival: ((request: FastRequest) => void) | undefined;
  /** Plugins whose `onResponse` hooks add the headers of one request. */
  plugins: readonly Plugin[];
}

/** Undefined on a cache miss: the request must be executed. */
export type ResponseLookup = (
  request: FastRequest,
  incoming: IncomingMessage | undefined,
) => FastResponse | undefined | Promise<FastResponse | undefined>;

/**
 * Answers from the response cache: finds the caller's cached session and the response, consumes its points from the rate limits,
 * and writes the log line. Nothing is executed. Undefined for a caller over its limit, who is refused as on any cache miss.
 */
export function createResponseLookup(options: ResponseLookupOptions): ResponseLookup {
  const { answers, sessions, rateLimit, trustedProxies, clock, refusals, plugins, onArrival } = options;
  const onResponse = plugins.flatMap((plugin) => plugin.onResponse ?? []);

  const respond = (request: FastRequest, answer: CachedResponse, now: Date) => {
    if (answer.refusals) refusals.count(answer.refusals, now);
    const response = new FastResponse(answer.body, answer);
    const payload = { request, response, serverContext: {} } as never;
    for (const hook of onResponse) void hook(payload);
    return response;
  };
  return (request, incoming) => {
    const now = clock();
    const viewer = sessions.find(credentialsOf(pathOf(request), request.headers), now);
    const answer = viewer && answers.get(responseKeyOf(viewer, request), now);
    if (!answer) return undefined;

    onArrival?.(request);
    const record = recordOf(request);
    record.viewerId = viewerIdOf(viewer);
    record.operationName = answer.operationName;
    record.rootField = answer.rootField;
    record.route = answer.route;
    record.decisions = answer.decisions;
    try {
      const entered = rateLimit.consume(request, addressOf(request, incoming, trustedProxies));
      const spend = () => rateLimit.spend(request, viewer, answer.points);
      const spent = entered ? entered.then(spend) : spend();
      if (!spent) return respond(request, answer, now);
      return spent.then(
        () => respond(request, answer, now),
        () => undefined,
      );
    } catch {
      return undefined;
    }
  };
}
