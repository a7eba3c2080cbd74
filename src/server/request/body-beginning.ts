import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { discardBody, isDribbled, isPlainText } from './body.ts';

/** A body as far as it was read: it is for one who can decide by a part of it. */
export interface Beginning {
  content: string;
  /** `CUT`: it is longer than what is read of a body. `NO_TEXT`: it is no UTF-8, and `content` is empty. */
  extent: 'WHOLE' | 'CUT' | 'NO_TEXT';
}

/** Reads the body of Node's request up to a limit, whatever it is, and calls `then` once. */
export function readBeginning(incoming: IncomingMessage, limit: number, then: (beginning: Beginning) => void): void {
  const pieces: Buffer[] = [];
  let bytes = 0;
  const finish = (isCut: boolean) =>
    then(isPlainText(incoming.headers) ? beginningOf(Buffer.concat(pieces), limit, isCut) : noText);
  const onData = (piece: Buffer) => {
    bytes += piece.length;
    pieces.push(piece);
    if (bytes <= limit && !isDribbled(pieces.length, bytes)) return;
    incoming.off('data', onData);
    incoming.off('end', onEnd);
    discardBody(incoming, limit);
    finish(true);
  };
  const onEnd = () => finish(false);
  incoming.on('data', onData);
  incoming.once('end', onEnd);
}

/** The same for a Fetch request. */
export async function readFetchedBeginning({ headers, body }: Request, limit: number): Promise<Beginning> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const reader = body?.getReader();
  while (reader && bytes <= limit) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.length;
    pieces.push(value);
  }
  if (bytes > limit) void reader?.cancel().catch(() => {});
  return isPlainText(Object.fromEntries(headers)) ? beginningOf(Buffer.concat(pieces), limit, bytes > limit) : noText;
}

const noText: Beginning = { content: '', extent: 'NO_TEXT' };

function beginningOf(bytes: Buffer, limit: number, isCut: boolean): Beginning {
  // A proxy that cuts a body, as we do, may cut a character.
  const text = bytes.subarray(0, wholeCharacters(bytes.subarray(0, limit)));
  if (!isUtf8(text)) return noText;
  return { content: text.toString(), extent: isCut ? 'CUT' : 'WHOLE' };
}

/** The bytes up to a last character that is incomplete. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    if (length > back) return bytes.length - back;
    if (byte < 0x80 || byte >= 0xc0) break;
  }
  return bytes.length;
}
