// Holds many streams of snapshots open, and tells how many events came.
import { connect, type Socket } from 'node:net';

/** What to open, by turns: each of these streams as often as the next. */
export interface Opening {
  kind: 'open';
  port: number;
  /** Two processes with one address would not have enough ports for 20,000 connections. */
  localAddress: string;
  streams: { path: string; token: string }[];
  count: number;
}

/** Asks for the number of events that have come so far, once there are so many. */
export interface Counting {
  kind: 'count';
  events: number;
}

/** How many connections are opened at a time. */
const atOnce = 100;

/** How long the events that are asked for may take, in ms. */
const patienceMs = 60_000;

const sockets: Socket[] = [];
let events = 0;
let cut = 0;

process.once('disconnect', () => process.exit());
process.on('message', (message: Opening | Counting) => {
  const work = message.kind === 'open' ? open(message) : count(message);
  work.then(
    () => process.send?.({ events, cut, open: sockets.length - cut }),
    (error: unknown) => process.send?.({ fault: String(error) }),
  );
});

async function open({ port, localAddress, streams, count }: Opening): Promise<void> {
  let next = 0;
  const openInTurn = async () => {
    while (next < count) {
      const { path, token } = streams[next++ % streams.length] ?? { path: '', token: '' };
      await openOne(port, localAddress, path, token);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, openInTurn));
}

/** Resolves with the first event. */
function openOne(port: number, localAddress: string, path: string, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    sockets.push(socket);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    let head = '';
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      if (head.length < 4_096) {
        head += text;
        if (head.length > 12 && !head.startsWith('HTTP/1.1 200')) reject(new Error(head));
      }
      const found = text.split('event: changed').length - 1;
      events += found;
      if (found > 0) resolve();
    });
    socket.once('error', reject);
    socket.once('close', () => {
      cut += 1;
      reject(new Error('The connection was closed'));
    });
  });
}

async function count({ events: awaited }: Counting): Promise<void> {
  const since = performance.now();
  while (events < awaited) {
    if (performance.now() - since > patienceMs) throw new Error(`${events} of ${awaited} events have come`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
