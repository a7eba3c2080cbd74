import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';

/** How long, in ms, a client that is refused may go on sending: many read the answer only afterwards. */
const lingerMs = 1_000;

/**
 * The request, with a body of `limit` bytes at most. A longer one is refused before it is held, and so is one that an
 * encoding makes look shorter. `incoming` is what Node knows of it, where it came by Node.
 *
 * @throws GraphQLError, with its status: 413, 415
 */
export function withBodyLimit(
  request: Request,
  limit: number,
  incoming: IncomingMessage | undefined,
): Request | Promise<Request> {
  const encoding = request.headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity') throw refuse(415, 'The request body must not be encoded');

  const length = request.headers.get('content-length');
  if (Number(length) > limit) throw tooLong(limit, incoming);
  // As many bytes as were announced are read, and no more: the rest of this costs much.
  if (length !== null || !request.body) return request;

  return readUpTo(limit, request.body).then((body) => {
    if (!body) throw tooLong(limit, incoming);
    return new Request(request.url, { method: request.method, headers: [...request.headers], body });
  });
}

/** The whole body, or nothing where it is longer than the limit; it is not cancelled then, which would cut off the answer. */
async function readUpTo(limit: number, body: ReadableStream<Uint8Array>): Promise<Buffer<ArrayBuffer> | undefined> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    size += value.byteLength;
    if (size > limit) return undefined;
    chunks.push(value);
  }
}

function tooLong(limit: number, incoming: IncomingMessage | undefined): GraphQLError {
  if (incoming) setTimeout(() => void (incoming.complete || incoming.destroy()), lingerMs).unref();
  return refuse(413, `The request body is longer than ${limit} bytes`);
}

function refuse(status: number, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { http: { status } } });
}
