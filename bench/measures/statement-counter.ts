import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a PostgreSQL on which the statements that are sent are counted. */
export interface StatementCounter {
  databaseUrl: string;
  /** Statements since the last call. */
  take: () => number;
  close: () => void;
}

export async function countStatements(databaseUrl: string): Promise<StatementCounter> {
  const { hostname, port } = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer((client) => {
    const database = connect(Number(port), hostname);
    const read = messageReader((type) => {
      // Execute, and a simple query.
      if (type === 'E' || type === 'Q') count += 1;
    });
    client.on('data', read);
    client.pipe(database).pipe(client);
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');

  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    databaseUrl: url.href,
    take: () => {
      const taken = count;
      count = 0;
      return taken;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Tells the type of each message that a client sends: a letter and a length stand before it, but for the first one. */
function messageReader(tell: (type: string) => void): (chunk: Buffer) => void {
  let buffered: Buffer = Buffer.alloc(0);
  let isFirst = true;
  return (chunk) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (;;) {
      const before = isFirst ? 0 : 1;
      if (buffered.length < before + 4) return;
      const length = before + buffered.readInt32BE(before);
      if (buffered.length < length) return;
      if (!isFirst) tell(buffered.toString('latin1', 0, 1));
      isFirst = false;
      buffered = buffered.subarray(length);
    }
  };
}
