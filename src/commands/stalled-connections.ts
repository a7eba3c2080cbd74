import type { Socket } from 'node:net';

/** The longest interval between checks, in ms; it is shorter for a short limit. */
const maxIntervalMs = 5_000;

/**
 * The counters by which Node itself detects write timeouts: data that is read from a client must not count as progress in
 * writing to it.
 */
interface Handle {
  bytesWritten: number;
  writeQueueSize: number;
}

/**
 * Closes connections whose client has read nothing for `limitMs` although data is waiting: a response that is not read occupies
 * memory. A client that reads slowly is not disconnected.
 */
export function closeStalledConnections(sockets: { keys: () => Iterable<Socket> }, limitMs: number): void {
  const waiting = new WeakMap<Socket, { taken: number; since: number }>();
  const check = () => {
    const now = performance.now();
    for (const socket of sockets.keys()) {
      const taken = takenOf(socket);
      const before = waiting.get(socket);
      if (socket.writableLength === 0) waiting.delete(socket);
      else if (before?.taken !== taken) waiting.set(socket, { taken, since: now });
      else if (now - before.since >= limitMs) socket.destroy();
    }
  };
  setInterval(check, Math.min(maxIntervalMs, limitMs / 4)).unref();
}

/** The bytes that the operating system has accepted for a client. It accepts no more once the client's window is full. */
function takenOf(socket: Socket & { _handle?: Handle | null }): number {
  const { _handle: handle } = socket;
  return handle ? handle.bytesWritten - handle.writeQueueSize : socket.bytesWritten - socket.writableLength;
}
