import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { sendNodeResponse } from '@whatwg-node/server';
import type { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { type Body, closeAfter, discardBody, hasBody, readBody, readFetchedBody } from '../request/body.ts';
import { createEdgeFaults } from '../request/edge-faults.ts';
import { FastRequest, type FastRequestOptions } from '../request/fast-request.ts';
import { FastResponse } from '../request/fast-response.ts';
import { recordOf } from '../request/request-record.ts';
import { isHost, origin, pathOfTarget } from '../request/request-target.ts';
import { isView } from '../request/response-cache.ts';
import type { FastPath, Wire, Yoga } from './fast-path.ts';
import type { ResponseLookup } from './response-lookup.ts';

/** The service as a function of requests. */
export interface Server {
  /** For Node's http server. */
  listener: RequestListener;
  /** Without a port. */
  fetch: (request: Request) => Promise<Response>;
}

interface DispatchOptions {
  /** Answers anything. */
  yoga: Yoga;
  /** Answers ordinary operations, sooner. */
  fastPath: FastPath;
  /** Answers what was answered before, at once. */
  lookUp: ResponseLookup;
  /** Those whose hooks finish a response. */
  plugins: readonly Plugin[];
  /** Of a body, at most. */
  bodyBytes: number;
  log: Logger;
}

type Headers = NodeJS.Dict<string | string[]>;
type Answered = FastResponse | Response;

/** A request that has come whole, or as far as it was read. */
interface Arrival extends FastRequestOptions {
  content: string;
  onGone: NonNullable<FastRequestOptions['onGone']>;
  bodyError: GraphQLError | undefined;
}

/** Which way requests go: each is answered by the first of the lanes that can, and alike in all of them. */
export function createDispatch({ yoga, fastPath, lookUp, plugins, bodyBytes, log }: DispatchOptions): Server {
  const faults = createEdgeFaults({ log, plugins });

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
    if (bodyError) recordOf(request).bodyError = bodyError;
    return yoga.handleRequest(request, { ...wire, waitUntil } as never);
  };

  const answerOnFastPath = async (arrival: Arrival, wire: Wire): Promise<Answered> => {
    const request = new FastRequest(arrival);
    const response = await fastPath(request, wire);
    return response ?? yoga.handleRequest(request as unknown as Request, { ...wire, waitUntil } as never);
  };

  /** At once where nothing is waited for: a promise would cost as much as the rest. */
  const answer = (arrival: Arrival, wire: Wire): Answered | Promise<Answered> => {
    const { method, path, headers, content, bodyError } = arrival;
    const isOrdinary = bodyError === undefined && isOrdinaryPost(method, path, headers);
    if (!isOrdinary && !isView(method, path)) return answerByYoga(arrival, wire);

    // Made anew where it is not found: nothing must be left of the attempt.
    const answerAnew = () => (isOrdinary ? answerOnFastPath(arrival, wire) : answerByYoga(arrival, wire));
    const cached = looksLikeChange(content) ? undefined : lookUp(new FastRequest(arrival), wire.req);
    return cached instanceof Promise ? cached.then((found) => found ?? answerAnew()) : (cached ?? answerAnew());
  };

  /** Nobody else would end such a request; and a promise that fails unseen would end the process. */
  const fail = (req: IncomingMessage, res: ServerResponse, error: unknown) => {
    if (res.destroyed) return;
    const { method = '', url: target = '', headers } = req;
    const response = faults.answerFailure({ method, target, headers }, error);
    if (res.headersSent) res.destroy();
    else response.send(res);
  };

  const send = (answered: Answered, { req, res }: Required<Wire>): Promise<void> | void =>
    answered instanceof FastResponse ? answered.send(res) : sendNodeResponse(answered, res, req, true);

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
    const proceed = (body: Body) => {
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
    if (method !== 'GET' && method !== 'HEAD') return readBody(req, bodyBytes, proceed);
    // Such a body means nothing.
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
        const body = await readFetchedBody(request, bodyBytes);
        const onGone = (callback: () => void) => signal.addEventListener('abort', callback);
        const answered = await answer({ method, path, headers, onGone, ...contentOf(body) }, {});
        signal.throwIfAborted();
        return answered instanceof FastResponse ? answered.toFetch() : answered;
      } catch (error) {
        signal.throwIfAborted();
        return faults.answerFailure({ method, target, headers }, error).toFetch();
      }
    },
  };
}

/** Yoga hands it to plugins; none of ours has anything to finish after an answer. */
const waitUntil = () => {};

function contentOf(body: Body): Pick<Arrival, 'content' | 'bodyError'> {
  return typeof body === 'string' ? { content: body, bodyError: undefined } : { content: '', bodyError: body };
}

/** A POST of JSON to the graph. Whoever sends a token is no page of another site; who sends none is not in a hurry. */
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

/** Most bodies that begin so ask for a change, of which no answer is kept: there is none to look for. */
function looksLikeChange(content: string): boolean {
  return content.startsWith('{"query":"mutation');
}
