import type { Socket } from 'node:net';

/** How often, in ms, it is looked for clients that take nothing, where the limit is not shorter. */
const longestCheckMs = 5_000;

/** What Node itself goes by where it times out sockets: reading from a client must not count as progress in writing to it. */
interface Handle {
  bytesWritten: number;
  writeQueueSize: number;
}

/**
 * Ends the connections whose clients have taken nothing of what waits for them for so long, in ms: an answer that nobody reads
 * is kept in memory. Who takes a little at a time is waited for.
 */
export function watchSending(sockets: { keys: () => Iterable<Socket> }, limitMs: number): void {
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
  setInterval(check, Math.min(longestCheckMs, limitMs / 4)).unref();
}

/** How many bytes the system has taken for a client; it takes no more than the client leaves it room for. */
function takenOf(socket: Socket & { _handle?: Handle | null }): number {
  const { _handle: handle } = socket;
  return handle ? handle.bytesWritten - handle.writeQueueSize : socket.bytesWritten - socket.writableLength;
}
