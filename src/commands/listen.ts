import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Environment } from '../environment/environment.ts';
import { codeOf } from '../errors/error-code.ts';
import { commandLine } from '../program.ts';
import { refuseMalformed } from './bad-request.ts';
import { UsageError } from './command.ts';
import { earlyError } from './early-error.ts';
import { closeStalledConnections } from './stalled-connections.ts';

/** An open port. It answers 503 until `answerWith` is called. */
export interface Endpoint {
  url: string;
  answerWith: (listener: RequestListener) => void;
  /** Closes each connection after its next response, so that clients connect to another instance. */
  drain: () => void;
  /** Waits for requests in flight, for this long at most, and closes the port. */
  close: (graceMs?: number) => Promise<void>;
}

/** Where the service answers, and where its metrics are; the latter absent: nowhere. */
export interface Endpoints {
  endpoint: Endpoint;
  metricsEndpoint: Endpoint | undefined;
}

/** Timeouts, in ms, for a client's headers and its whole request, and how often they are checked. */
const timeouts = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 };

const starting: RequestListener = (_request, response) => {
  const headers = {
    'retry-after': '1',
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...nosniff,
  };
  response
    .writeHead(503, headers)
    .end(earlyError('SERVICE_UNAVAILABLE', 'The service is starting; try again shortly', 503));
};

const nosniff = { 'x-content-type-options': 'nosniff' };

type Listening = Pick<Environment, 'host' | 'port' | 'keepAliveTimeoutMs' | 'sendTimeoutMs'>;

/** What sets where an endpoint listens, for what is said where it cannot: the names, and the command with another port. */
interface Names {
  host: string;
  port: string;
  withPort: (port: number) => string;
}

/** Of an endpoint of `serve`, by the names of variables. */
export const variables = (host: string, port: string): Names => ({
  host,
  port,
  withPort: (another) => `${port}=${another} ${commandLine('serve')}`,
});

/** Listens on the port of the environment. */
export async function listen(
  { host, port, keepAliveTimeoutMs, sendTimeoutMs }: Listening,
  names: Names = variables('HOST', 'PORT'),
): Promise<Endpoint> {
  let listener = starting;
  let isDraining = false;
  // Keyed by connection, since connections change rarely. A set that changed with every request would leave old tables behind
  // in V8, which keep their entries, and all that these reference, alive.
  const unfinished = new Map<Socket, ServerResponse | undefined>();
  const options = {
    ...timeouts,
    keepAliveTimeout: keepAliveTimeoutMs,
    // A missing host header is refused by the application, as an invalid one is.
    requireHostHeader: false,
  };
  const server = createServer(options, (request, response) => {
    const { socket } = request;
    const before = unfinished.get(socket);
    unfinished.set(socket, response);
    response.once('close', () => {
      if (unfinished.get(socket) === response) unfinished.set(socket, undefined);
      // Otherwise a client that keeps its connection open would delay the shutdown by the keep-alive timeout.
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
    if (isDraining) closeAfter(response);
    // Pipelined requests run one after another. Otherwise their responses would be buffered until they can be sent.
    if (before) before.once('close', () => void (socket.destroyed || listener(request, response)));
    else listener(request, response);
  });
  server.on('clientError', (error, socket) =>
    refuseMalformed(error, socket as Socket, unfinished.get(socket as Socket)?.headersSent ?? false),
  );
  server.on('checkExpectation', (_request, response) => void response.writeHead(417, nosniff).end());
  closeStalledConnections(unfinished, sendTimeoutMs);
  server.on('connection', (socket) => {
    unfinished.set(socket, undefined);
    socket.once('close', () => unfinished.delete(socket));
  });
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw explain(error, { host, port }, names);
  }

  return {
    url: `http://${nameOf(host)}:${(server.address() as AddressInfo).port}`,
    answerWith: (next) => {
      listener = next;
    },
    drain: () => {
      isDraining = true;
      for (const response of unfinished.values()) if (response) closeAfter(response);
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

/** Closes the connection after this response, unless its headers were sent. */
function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}

/** The host in the URL for a browser on this machine. */
function nameOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function explain(error: unknown, { host, port }: Pick<Listening, 'host' | 'port'>, names: Names): unknown {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new UsageError(
        `Port ${port} is in use. Stop what listens there, or set ${names.port} to another: ${names.withPort(port === 65_535 ? 4001 : port + 1)}`,
      );
    case 'EACCES':
      return new UsageError(`Port ${port} may not be used by this user. Set ${names.port} to one above 1023.`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EADDRNOTAVAIL':
      return new UsageError(
        `This machine has no address "${host}". Set ${names.host} to one it has, such as localhost.`,
      );
    default:
      return error;
  }
}
