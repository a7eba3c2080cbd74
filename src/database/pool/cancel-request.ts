import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import pg from 'pg';

const timeoutMs = 2_000;

/** Members of a `pg` connection that its types do not declare. */
interface Connection extends EventEmitter {
  stream: Duplex;
  connect: (port: number | string, host?: string) => void;
  requestSsl: () => void;
  cancel: (processId: number, secretKey: number) => void;
}

/** Members of a `pg` client that its types do not declare. */
interface Connected {
  host: string;
  port: number;
  ssl: boolean | object;
  sslNegotiation: string;
  processID: number;
  secretKey: number;
}

/**
 * Asks the server to cancel what a connection runs, as the protocol defines it: on another connection, which counts against no
 * connection limit and needs no password. Resolves once the server has received it, or cannot be reached.
 */
export function sendCancelRequest(client: pg.Client): Promise<void> {
  const { host, port, ssl, sslNegotiation, processID, secretKey } = client as unknown as Connected;
  const connection = new pg.Connection({ ssl, sslNegotiation } as pg.ConnectionConfig) as unknown as Connection;
  return new Promise((resolve) => {
    const timeout = setTimeout(() => connection.stream.destroy(), timeoutMs);
    connection.on('error', () => connection.stream.destroy());
    connection.once('end', () => {
      clearTimeout(timeout);
      resolve();
    });
    connection.once('connect', () => {
      if (!ssl) connection.cancel(processID, secretKey);
      // With direct negotiation TLS starts by itself.
      else if (sslNegotiation !== 'direct') connection.requestSsl();
    });
    connection.once('sslconnect', () => connection.cancel(processID, secretKey));
    // A path is the folder of a Unix socket.
    if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
    else connection.connect(port, host);
  });
}
