import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import { parametersOf } from './media-type.ts';

/** The text of a body, or the error that refuses it, with its status. */
export type Body = string | GraphQLError;

/** How long, in ms, a refused client may go on sending: many read the answer only afterwards. */
const lingerMs = 1_000;

/**
 * A body in more chunks than `manyPieces`, of fewer than `fewBytes` each on average, is refused: each chunk costs as much as some
 * thousand bytes, and only an attack sends so many.
 */
const manyPieces = 1_000;
const fewBytes = 64;

/** Whether so many chunks are too many for their bytes. */
export function isDribbled(count: number, bytes: number): boolean {
  return count > manyPieces && bytes < count * fewBytes;
}

type Headers = NodeJS.Dict<string | string[]>;

/** Whether a request says that it has a body. */
export function hasBody({ 'content-length': length, 'transfer-encoding': encoding }: Headers): boolean {
  return encoding !== undefined || (length !== undefined && length !== '0');
}

/** Reads the body of Node's request, and calls `then` once: synchronously where the headers are enough to refuse it. */
export function readBody(incoming: IncomingMessage, limit: number, then: (body: Body) => void): void {
  const refuse = (refusal: GraphQLError) => {
    discardBody(incoming, limit);
    then(refusal);
  };
  const refusal = refusalOf(incoming.headers, limit);
  if (refusal) {
    refuse(refusal);
    return;
  }

  const pieces = new Pieces(limit);
  const onData = (piece: Buffer) => {
    const refusal = pieces.add(piece);
    if (!refusal) return;
    incoming.off('data', onData);
    incoming.off('end', onEnd);
    refuse(refusal);
  };
  const onEnd = () => then(pieces.text());
  incoming.on('data', onData);
  incoming.once('end', onEnd);
}

/** The same for a Fetch request. */
export async function readFetchedBody({ headers, body }: Request, limit: number): Promise<Body> {
  const refusal = refusalOf(Object.fromEntries(headers), limit);
  if (refusal || !body) return refusal ?? '';

  const pieces = new Pieces(limit);
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return pieces.text();
    const refusal = pieces.add(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    if (!refusal) continue;
    void reader.cancel().catch(() => {});
    return refusal;
  }
}

/**
 * Reads the rest of a refused body and drops it, so that the client gets to read its answer: up to `limit` bytes, for `lingerMs`.
 * A connection whose request has not ended by then is destroyed.
 */
export function discardBody(incoming: IncomingMessage, limit: number): void {
  let [bytes, pieces] = [0, 0];
  incoming.on('data', ({ length }: Buffer) => {
    bytes += length;
    pieces += 1;
    if (bytes > limit || pieces > manyPieces) incoming.pause();
  });
  setTimeout(() => void (incoming.complete || incoming.destroy()), lingerMs).unref();
}

/**
 * Closes the connection after this response, since the request's body is not read to its end. The response is written at once, but
 * ended only when the client has sent all, or after `lingerMs`: an earlier close resets the client before it reads the answer.
 */
export function closeAfter(incoming: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close');
  const end = response.end.bind(response) as (chunk?: unknown) => ServerResponse;
  response.end = ((chunk?: unknown) => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) response.write(chunk);
    if (incoming.complete) return end();
    const timeout = setTimeout(end, lingerMs).unref();
    incoming.once('end', () => {
      clearTimeout(timeout);
      end();
    });
    return response;
  }) as ServerResponse['end'];
}

/** The chunks of a body, as they come. */
class Pieces {
  readonly #limit: number;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The error, where the body is too long, or in too many chunks. */
  add(piece: Buffer): GraphQLError | undefined {
    this.#bytes += piece.length;
    const count = this.#pieces.push(piece);
    if (this.#bytes > this.#limit) return tooLong(this.#limit);
    return isDribbled(count, this.#bytes)
      ? refuse(
          400,
          `The request body comes in too many pieces: over ${manyPieces}, of fewer than ${fewBytes} bytes each`,
        )
      : undefined;
  }

  text(): Body {
    const [first] = this.#pieces;
    const bytes = first && this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces);
    // Otherwise invalid UTF-8 would silently become another text.
    if (!isUtf8(bytes)) return refuse(400, 'The request body is not valid UTF-8');
    const text = bytes.toString();
    return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
  }
}

const byteOrderMark = 0xfeff;

/** The error that the headers alone give. */
function refusalOf(headers: Headers, limit: number): GraphQLError | undefined {
  if (isEncoded(headers)) return refuse(415, 'The request body must not be encoded');
  if (Number(headers['content-length']) > limit) return tooLong(limit);
  return isNamedUtf8(headers)
    ? undefined
    : refuse(415, 'The request body must be UTF-8, and its content type must not name another charset');
}

/** Whether the headers of a body say that it can be read as UTF-8. */
export function isPlainText(headers: Headers): boolean {
  return !isEncoded(headers) && isNamedUtf8(headers);
}

/** A compressed body would be longer than the limit that it passes. */
function isEncoded({ 'content-encoding': encoding }: Headers): boolean {
  return encoding !== undefined && encoding !== 'identity';
}

function isNamedUtf8({ 'content-type': type }: Headers): boolean {
  return parametersOf(String(type ?? ''), 'charset').every((charset) => /^utf-?8$/i.test(charset));
}

function tooLong(limit: number): GraphQLError {
  return refuse(413, `The request body is longer than ${limit} bytes`);
}

function refuse(status: number, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { http: { status } } });
}
