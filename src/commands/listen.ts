import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Environment } from '../env.ts';
import { refuseMalformed } from './bad-request.ts';
import { UsageError } from './command.ts';
import { watchSending } from './send-watch.ts';

/** A port that is taken, and answers 503 until there is something behind it. */
export interface Endpoint {
  url: string;
  answerWith: (listener: RequestListener) => void;
  /** From now on every answer is the last of its connection, so that clients go elsewhere of their own accord. */
  drain: () => void;
  /** Lets the requests in flight finish, for this long at most, and gives the port free. */
  close: (graceMs?: number) => Promise<void>;
}

/** How long, in ms, a client may take to send its headers, and its whole request; how often that is looked at. */
const slowness = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 };

const starting: RequestListener = (_request, response) => {
  const headers = { 'retry-after': '1', 'content-type': 'text/plain; charset=utf-8', ...safely };
  response.writeHead(503, headers).end('Modelgate is starting.\n');
};

const safely = { 'x-content-type-options': 'nosniff' };

type Listening = Pick<Environment, 'host' | 'port' | 'keepAliveTimeoutMs' | 'sendTimeoutMs'>;

/** Takes the port of the environment. */
export async function listen({ host, port, keepAliveTimeoutMs, sendTimeoutMs }: Listening): Promise<Endpoint> {
  let listener = starting;
  let isDraining = false;
  // By connection, since these come and go seldom: what goes through a set with each request is kept alive by the tables that V8
  // leaves behind as the set changes, and all that it names with it.
  const unfinished = new Map<Socket, ServerResponse | undefined>();
  const options = {
    ...slowness,
    keepAliveTimeout: keepAliveTimeoutMs,
    // The application refuses what has none, as it refuses what has a wrong one.
    requireHostHeader: false,
  };
  const server = createServer(options, (request, response) => {
    const { socket } = request;
    const before = unfinished.get(socket);
    unfinished.set(socket, response);
    response.once('close', () => {
      if (unfinished.get(socket) === response) unfinished.set(socket, undefined);
      // Else a client that keeps its connection would hold up the end for as long as connections may be idle.
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
    if (isDraining) refuseNext(response);
    // One after another, also where a client does not wait for its answers: those would be kept until they can be sent.
    if (before) before.once('close', () => void (socket.destroyed || listener(request, response)));
    else listener(request, response);
  });
  server.on('clientError', (error, socket) =>
    refuseMalformed(error, socket as Socket, unfinished.get(socket as Socket)?.headersSent ?? false),
  );
  server.on('checkExpectation', (_request, response) => void response.writeHead(417, safely).end());
  watchSending(unfinished, sendTimeoutMs);
  server.on('connection', (socket) => {
    unfinished.set(socket, undefined);
    socket.once('close', () => unfinished.delete(socket));
  });
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw explain(error, host, port);
  }

  return {
    url: `http://${nameOf(host)}:${(server.address() as AddressInfo).port}`,
    answerWith: (next) => {
      listener = next;
    },
    drain: () => {
      isDraining = true;
      for (const response of unfinished.values()) if (response) refuseNext(response);
    },
    close: async (graceMs = 0) => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const deadline = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(deadline);
    },
  };
}

/** Tells the client that its connection ends with this response, unless that has begun. */
function refuseNext(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}

/** What a browser on this machine calls it. */
function nameOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function explain(error: unknown, host: string, port: number): unknown {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return new UsageError(
        `Port ${port} is in use. Stop what listens there, or set PORT to another: PORT=${port === 65_535 ? 4001 : port + 1} npm start`,
      );
    case 'EACCES':
      return new UsageError(`Port ${port} may not be used by this user. Set PORT to one above 1023.`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EADDRNOTAVAIL':
      return new UsageError(`This machine has no address "${host}". Set HOST to one it has, such as localhost.`);
    default:
      return error;
  }
}
