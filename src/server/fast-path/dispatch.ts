import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { sendNodeResponse } from '@whatwg-node/server';
import type { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { type Body, closeAfter, discardBody, hasBody, readBody, readFetchedBody } from '../request/body.ts';
import { type Beginning, readBeginning, readFetchedBeginning } from '../request/body-beginning.ts';
import { createEdgeFaults } from '../request/edge-faults.ts';
import { sendEvents, toEventStream } from '../request/event-response.ts';
import { FastRequest, type FastRequestOptions } from '../request/fast-request.ts';
import { FastResponse } from '../request/fast-response.ts';
import { type Recorded, recordOf } from '../request/request-record.ts';
import { isHost, origin, pathOfTarget } from '../request/request-target.ts';
import { isView } from '../request/response-cache.ts';
import type { FastPath, Wire, Yoga } from './fast-path.ts';
import type { PointLane } from './point-lane.ts';
import type { ResponseLookup } from './response-lookup.ts';

/** The HTTP service. */
export interface Server {
  /** For Node's HTTP server. */
  listener: RequestListener;
  /** Answers a Fetch request, without a port. */
  fetch: (request: Request) => Promise<Response>;
}

interface DispatchOptions {
  /** Answers any request. */
  yoga: Yoga;
  /** Answers ordinary operations faster; undefined for others. */
  fastPath: FastPath;
  /** Answers from the response cache. */
  lookUp: ResponseLookup;
  /** Answers decision points. */
  points: PointLane;
  /** Whether a path is of a point that takes any body, also of a GET, and decides by its beginning. */
  takesAnyBody: (path: string) => boolean;
  /** Plugins whose `onResponse` hooks finish a response. */
  plugins: readonly Plugin[];
  /** Limit of a body, in bytes. */
  bodyBytes: number;
  log: Logger;
  /** Called with each request that is not answered from the cache, before anything is done for it. */
  onArrival: ((request: Recorded) => void) | undefined;
  /** Called with the 500 of a failure outside of the plugins. */
  onFailure: ((request: FastRequest, status: number) => void) | undefined;
}

type Headers = NodeJS.Dict<string | string[]>;
type Answered = FastResponse | Response;

/** A request whose body was read, or refused (`bodyError`). */
interface Arrival extends FastRequestOptions {
  content: string;
  onGone: NonNullable<FastRequestOptions['onGone']>;
  bodyError: GraphQLError | undefined;
}

/** Dispatches each request to the first that can answer it: a decision point, response cache, fast path, Yoga. The last three answer alike. */
export function createDispatch({
  yoga,
  fastPath,
  lookUp,
  points,
  takesAnyBody,
  plugins,
  bodyBytes,
  log,
  onArrival,
  onFailure,
}: DispatchOptions): Server {
  const faults = createEdgeFaults({ log, plugins, onFailure });

  const answerByYoga = (arrival: Arrival, wire: Wire): Promise<Response> | Response => {
    const { method, path, headers, content, onGone, bodyError } = arrival;
    const gone = new AbortController();
    onGone(() => gone.abort());
    const request = new yoga.fetchAPI.Request(origin + path, {
      method,
      headers: headers as Record<string, string>,
      signal: gone.signal,
      ...(content === '' ? {} : { body: content }),
    });
    onArrival?.(request);
    if (bodyError) recordOf(request).bodyError = bodyError;
    return yoga.handleRequest(request, { ...wire, waitUntil } as never);
  };

  const answerOnFastPath = async (request: FastRequest, wire: Wire): Promise<Answered> => {
    const response = await fastPath(request, wire);
    return response ?? yoga.handleRequest(request as unknown as Request, { ...wire, waitUntil } as never);
  };

  /** Synchronous where nothing is awaited: a promise would cost as much as the rest of a cached answer. */
  const answer = (arrival: Arrival, wire: Wire): Answered | Promise<Answered> => {
    const { method, path, headers, content, bodyError } = arrival;
    const isOrdinary = bodyError === undefined && isOrdinaryPost(method, path, headers);
    const point = isOrdinary ? undefined : points(method, path);
    if (!isOrdinary && !point && !isView(method, path)) return answerByYoga(arrival, wire);

    const request = new FastRequest(arrival);
    const answerUncached = () => {
      // What the lookup has recorded, such as a point that was refused, must not be reused.
      request.record = undefined;
      if (point) {
        onArrival?.(request);
        if (bodyError) recordOf(request).bodyError = bodyError;
        return point.answer(request, wire);
      }
      if (isOrdinary) onArrival?.(request);
      return isOrdinary ? answerOnFastPath(request, wire) : answerByYoga(arrival, wire);
    };
    const isLookedUp = point ? point.isCacheable && bodyError === undefined : !looksLikeChange(content);
    const cached = isLookedUp ? lookUp(request, wire.req) : undefined;
    return cached instanceof Promise ? cached.then((found) => found ?? answerUncached()) : (cached ?? answerUncached());
  };

  /** Answers 500. Without it the request would hang, and an unhandled rejection would end the process. */
  const fail = (req: IncomingMessage, res: ServerResponse, error: unknown) => {
    if (res.destroyed) return;
    const { method = '', url: target = '', headers } = req;
    const response = faults.answerFailure({ method, target, headers }, error);
    if (res.headersSent) res.destroy();
    else response.send(res);
  };

  const send = (answered: Answered, { req, res }: Required<Wire>): Promise<void> | void =>
    answered instanceof FastResponse
      ? answered.send(res)
      : sendEvents(answered, res)
        ? undefined
        : sendNodeResponse(answered, res, req, true);

  const receive = (req: IncomingMessage, res: ServerResponse) => {
    const { method = '', url = '', headers } = req;
    const wire = { req, res };
    const path = isHost(headers.host, req.httpVersion) ? pathOfTarget(url) : undefined;
    const abandonBody = () => {
      discardBody(req, bodyBytes);
      closeAfter(req, res);
    };
    if (path === undefined) {
      if (hasBody(headers)) abandonBody();
      return send(faults.refuseAddress({ method, target: url, headers }, wire), wire);
    }

    const onGone = (callback: () => void) => void res.once('close', () => void (res.writableFinished || callback()));
    const proceed = (body: Body | Beginning) => {
      if (typeof body !== 'string' && !req.complete) closeAfter(req, res);
      try {
        const answered = answer({ method, path, headers, onGone, ...contentOf(body) }, wire);
        if (answered instanceof FastResponse) return answered.send(res);
        Promise.resolve(answered)
          .then((later) => send(later, wire))
          .catch((error: unknown) => fail(req, res, error));
      } catch (error) {
        fail(req, res, error);
      }
    };
    if (!hasBody(headers)) return proceed('');
    if (takesAnyBody(path)) return readBeginning(req, bodyBytes, proceed);
    if (method !== 'GET' && method !== 'HEAD') return readBody(req, bodyBytes, proceed);
    // The body of a GET or HEAD has no meaning.
    abandonBody();
    return proceed('');
  };

  return {
    listener: (req, res) => {
      try {
        void receive(req, res);
      } catch (error) {
        fail(req, res, error);
      }
    },
    fetch: async (request) => {
      const { method, signal } = request;
      const { pathname, search } = new URL(request.url);
      const target = pathname + search;
      const headers = Object.fromEntries(request.headers);
      const path = isHost(headers.host, undefined) ? pathOfTarget(target) : undefined;
      if (path === undefined) return faults.refuseAddress({ method, target, headers }, {}).toFetch();

      try {
        const body = await (takesAnyBody(path) ? readFetchedBeginning : readFetchedBody)(request, bodyBytes);
        const onGone = (callback: () => void) => signal.addEventListener('abort', callback);
        const answered = await answer({ method, path, headers, onGone, ...contentOf(body) }, {});
        signal.throwIfAborted();
        return answered instanceof FastResponse ? answered.toFetch() : toEventStream(answered, signal);
      } catch (error) {
        signal.throwIfAborted();
        return faults.answerFailure({ method, target, headers }, error).toFetch();
      }
    },
  };
}

/** Yoga passes it to plugins, for work after the answer; none of ours has any. */
const waitUntil = () => {};

function contentOf(body: Body | Beginning): Pick<Arrival, 'content' | 'extent' | 'bodyError'> {
  if (typeof body === 'string') return { content: body, bodyError: undefined };
  return 'extent' in body ? { ...body, bodyError: undefined } : { content: '', bodyError: body };
}

/** A POST of JSON to the graph, with a token: the token rules out CSRF, which the fast path does not check. */
function isOrdinaryPost(method: string, path: string, headers: Headers): boolean {
  return (
    method === 'POST' &&
    path === '/graphql' &&
    headers.authorization !== undefined &&
    headers['content-encoding'] === undefined &&
    (headers['content-type'] === 'application/json' ||
      /^application\/json(; ?charset=utf-8)?$/i.test(String(headers['content-type'])))
  );
}

/** Skips the lookup for what is most likely a mutation: answers to mutations are never cached. */
function looksLikeChange(content: string): boolean {
  return content.startsWith('{"query":"mutation');
}
