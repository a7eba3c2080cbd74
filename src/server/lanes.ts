import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { sendNodeResponse } from '@whatwg-node/server';
import type { Logger } from 'pino';
import { isView } from './answers.ts';
import type { LeanLane, Wire, Yoga } from './lean-lane.ts';
import { LeanRequest } from './lean-request.ts';
import { LeanResponse } from './lean-response.ts';
import type { Recall } from './recall.ts';

/** The service as a function of requests. */
export interface Server {
  /** For Node's http server. */
  listener: RequestListener;
  /** Without a port. */
  fetch: (request: Request) => Promise<Response>;
}

interface LanesOptions {
  /** Answers anything. */
  yoga: Yoga;
  /** Answers ordinary operations, sooner. */
  leanLane: LeanLane;
  /** Answers what was answered before, at once. */
  recall: Recall;
  /** Of a body, at most. */
  bodyBytes: number;
  log: Logger;
}

type Headers = NodeJS.Dict<string | string[]>;

/** Which way requests go: each is answered by the first of the lanes that can, and alike in all of them. */
export function createLanes({ yoga, leanLane, recall, bodyBytes, log }: LanesOptions): Server {
  const answerAnew = async (request: LeanRequest, wire: Wire): Promise<LeanResponse | Response> => {
    const lean = await leanLane(request, wire);
    return lean ?? yoga.handleRequest(request as unknown as Request, { ...wire, waitUntil } as never);
  };

  /** Nobody else would end such a request; and a promise that fails unseen would end the process. */
  const fail = (res: ServerResponse, error: unknown) => {
    if (res.destroyed) return;
    log.error({ err: error }, 'a request failed');
    if (res.headersSent) res.destroy();
    else res.writeHead(500).end();
  };

  const listenToPost = (req: IncomingMessage, res: ServerResponse) => {
    const { url: path = '', headers } = req;
    const onGone = (callback: () => void) => void res.once('close', () => void (res.writableFinished || callback()));
    readText(req, async (content) => {
      try {
        // Made anew where it is not recalled: nothing must be left of the attempt.
        const make = () => new LeanRequest({ method: 'POST', path, headers, content, onGone });
        const known = looksLikeChange(content) ? undefined : recall(make(), req);
        // At once where nothing is waited for: a promise would cost as much as the rest.
        const recalled = known instanceof Promise ? await known : known;
        if (recalled) return recalled.send(res);

        const response = await answerAnew(make(), { req, res });
        if (response instanceof LeanResponse) response.send(res);
        else await sendNodeResponse(response, res, req, true);
      } catch (error) {
        fail(res, error);
      }
    });
  };
  const listenToGet = async (req: IncomingMessage, res: ServerResponse) => {
    try {
      const recalled = await recall(new LeanRequest({ method: 'GET', path: req.url ?? '', headers: req.headers }), req);
      if (recalled) recalled.send(res);
      else await yoga(req, res);
    } catch (error) {
      fail(res, error);
    }
  };

  return {
    listener: (req, res) => {
      const { method, url: path = '', headers } = req;
      if (isView(method, path)) void listenToGet(req, res);
      else if (isOrdinary(method, path, headers) && isShort(headers, bodyBytes)) listenToPost(req, res);
      else void yoga(req, res);
    },
    fetch: async (request) => {
      const { method, url } = request;
      const { pathname, search } = new URL(url);
      const path = pathname + search;
      const headers = Object.fromEntries(request.headers);
      if (isView(method, path)) {
        const recalled = await recall(new LeanRequest({ method, path, headers }), undefined);
        return recalled?.toFetch() ?? yoga.fetch(request);
      }
      if (!isOrdinary(method, path, headers)) return yoga.fetch(request);

      const content = await request.text();
      if (Buffer.byteLength(content) > bodyBytes)
        return yoga.fetch(new Request(url, { method, headers, body: content }));
      const onGone = (callback: () => void) => request.signal.addEventListener('abort', callback);
      const make = () => new LeanRequest({ method, path, headers, content, onGone });
      const recalled = looksLikeChange(content) ? undefined : await recall(make(), undefined);
      const response = recalled ?? (await answerAnew(make(), {}));
      request.signal.throwIfAborted();
      return response instanceof LeanResponse ? response.toFetch() : response;
    },
  };
}

/** Yoga hands it to plugins; none of ours has anything to finish after an answer. */
const waitUntil = () => {};

/** A POST of JSON to the graph. Whoever sends a token is no page of another site; who sends none is not in a hurry. */
function isOrdinary(method: string | undefined, path: string, headers: Headers): boolean {
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

/** Whether it has said how long its body is, and that is no more than it may be. */
function isShort(headers: Headers, bodyBytes: number): boolean {
  const { 'content-length': length } = headers;
  return typeof length === 'string' && /^\d{1,15}$/.test(length) && Number(length) <= bodyBytes;
}

function readText(req: IncomingMessage, then: (text: string) => void): void {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => void chunks.push(chunk));
  req.once('end', () => {
    const [first] = chunks;
    then((first && chunks.length === 1 ? first : Buffer.concat(chunks)).toString());
  });
}
