import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What came back: the status is 0 where nothing did. */
export interface Received {
  status: number;
  bytes: number;
  /** The beginning of it. */
  text: string;
}

const kept = 4_000;

/** Sends a request, and counts what comes until the connection is closed, or for this long at most. */
export async function exchange(port: number, request: Buffer, readMs: number): Promise<Received> {
  const socket = await open(port);
  const received: Received = { status: 0, bytes: 0, text: '' };
  const isOver = AbortSignal.timeout(readMs);
  const closed = new Promise<void>((resolve) => {
    socket.on('close', resolve);
    isOver.addEventListener('abort', () => resolve());
  });
  socket.on('data', (chunk: Buffer) => {
    received.bytes += chunk.length;
    if (received.text.length < kept) received.text += chunk.toString('latin1', 0, kept);
  });
  socket.write(request);
  await closed;
  socket.destroy();
  return { ...received, status: Number(/^HTTP\/1\.1 (\d{3})/.exec(received.text)?.[1] ?? 0) };
}

/** Sends a request on so many connections, reads nothing of the answers for this long, and cuts them off. */
export async function neglect(port: number, request: Buffer, count: number, ms: number): Promise<Received> {
  const sockets = await Promise.all(Array.from({ length: count }, () => open(port)));
  for (const socket of sockets) socket.pause().write(request);
  await sleep(ms);
  for (const socket of sockets) socket.destroy();
  return { status: 0, bytes: 0, text: '' };
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  // The service may close before it has read all.
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}
