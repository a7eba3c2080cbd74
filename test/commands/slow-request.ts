import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request whose body is held back; the service has it in hand when this resolves. */
export async function beginRequest(address: string, token: string, query: string) {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  let received = '';
  socket.on('data', (chunk: string) => {
    received += chunk;
  });
  const body = JSON.stringify({ query });
  const head = [
    'POST /graphql HTTP/1.1',
    `host: ${hostname}`,
    `authorization: Bearer ${token}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
    'expect: 100-continue',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  // Which the service sends once it is ready to read the body.
  while (!received.startsWith('HTTP/1.1 100 Continue\r\n\r\n')) await sleep(10);
  received = '';
  return {
    finish: async () => {
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.write(body);
      await closed;
      return received;
    },
  };
}
