import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Environment } from '../env.ts';
import { UsageError } from './command.ts';

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
  response.writeHead(503, { 'retry-after': '1' }).end('Modelgate is starting.\n');
};

/** Takes the port of the environment. */
export async function listen({ host, port }: Pick<Environment, 'host' | 'port'>): Promise<Endpoint> {
  let listener = starting;
  let isDraining = false;
  // By connection, since these come and go seldom: what goes through a set with each request is kept alive by the tables that V8
  // leaves behind as the set changes, and all that it names with it.
  const unfinished = new Map<Socket, ServerResponse | undefined>();
  const server = createServer(slowness, (request, response) => {
    const { socket } = request;
    unfinished.set(socket, response);
    response.once('close', () => {
      if (unfinished.get(socket) === response) unfinished.set(socket, undefined);
      // Else a client that keeps its connection would hold up the end for as long as connections may be idle.
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
    if (isDraining) refuseNext(response);
    listener(request, response);
  });
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
