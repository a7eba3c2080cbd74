import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { earlyError } from './early-error.ts';

/** How long, in ms, the connection stays open, so that the client can read the error. */
const lingerMs = 1_000;

const statuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Answers a malformed request, or one that timed out, with an error in the usual form, and closes its connection. Where a
 * response has begun on the connection, closes it at once.
 */
export function refuseMalformed(error: Error & { code?: string }, socket: Socket, hasBegun: boolean): void {
  if (!socket.writable || hasBegun) {
    socket.destroy();
    return;
  }
  const status = statuses[error.code ?? ''] ?? 400;
  const message = status === 408 ? 'The request did not come in time' : 'This is no HTTP request that can be read';
  const body = earlyError('VALIDATION_ERROR', message, status);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    'x-content-type-options: nosniff',
    'cache-control: no-store',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.pause();
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), lingerMs).unref();
}
