import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import { parametersOf } from './media-type.ts';

/** The text of a body, or why it is refused, with a status. */
export type Body = string | GraphQLError;

/** How long, in ms, a client that is refused may go on sending: many read the answer only afterwards. */
const lingerMs = 1_000;

/**
 * A body in more pieces than this, of fewer bytes each on average than that, is refused: each piece costs as much as some
 * thousand bytes, and no client that means well sends so many.
 */
const manyPieces = 1_000;
const fewBytes = 64;

type Headers = NodeJS.Dict<string | string[]>;

/** Whether a request says that it has a body. */
export function hasBody({ 'content-length': length, 'transfer-encoding': encoding }: Headers): boolean {
  return encoding !== undefined || (length !== undefined && length !== '0');
}

/** Reads the body of a request that came by Node, and tells it once: at once where its headers are enough to refuse it. */
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

/** The same of a request that came otherwise. */
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
 * Reads on what nobody wants, so that its client comes to read its answer: as much as a body may be, and for a moment. Who has
 * not come to an end by then is cut off.
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
 * Makes this answer the last of its connection, whose body is not read to its end. It is written whole at once, but ended only
 * when the client has come to its own end, or a moment later: else the client would be reset before it reads the answer.
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

/** What has come of a body. */
class Pieces {
  readonly #limit: number;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The refusal, where it is too much. */
  add(piece: Buffer): GraphQLError | undefined {
    this.#bytes += piece.length;
    const count = this.#pieces.push(piece);
    if (this.#bytes > this.#limit) return tooLong(this.#limit);
    return count > manyPieces && this.#bytes < count * fewBytes
      ? refuse(
          400,
          `The request body comes in too many pieces: over ${manyPieces}, of fewer than ${fewBytes} bytes each`,
        )
      : undefined;
  }

  text(): Body {
    const [first] = this.#pieces;
    const bytes = first && this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces);
    // Else what is no UTF-8 would become another text.
    if (!isUtf8(bytes)) return refuse(400, 'The request body is not valid UTF-8');
    const text = bytes.toString();
    return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
  }
}

const byteOrderMark = 0xfeff;

/** Why a body is refused before it is read, if it is. */
function refusalOf(headers: Headers, limit: number): GraphQLError | undefined {
  const { 'content-encoding': encoding, 'content-length': length, 'content-type': type } = headers;
  // One that an encoding makes look shorter.
  if (encoding !== undefined && encoding !== 'identity') return refuse(415, 'The request body must not be encoded');
  if (Number(length) > limit) return tooLong(limit);
  const charsets = parametersOf(String(type ?? ''), 'charset');
  return charsets.every((charset) => /^utf-?8$/i.test(charset))
    ? undefined
    : refuse(415, 'The request body must be UTF-8, and its content type must not name another charset');
}

function tooLong(limit: number): GraphQLError {
  return refuse(413, `The request body is longer than ${limit} bytes`);
}

function refuse(status: number, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { http: { status } } });
}
