import { SdkError } from './gate-error.ts';

/** Bytes that an answer has at most: the catalog is the longest, and has some megabytes where it has 10,000 models. */
const maxBytes = 2 ** 26;

/** The body of an answer. @throws SdkError for one that is longer than any is: it would fill the memory */
export async function bytesOf({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  if (!body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the body.
  for await (const chunk of chunksOf(body)) {
    length += chunk.length;
    if (length > maxBytes) throw new SdkError('BAD_SNAPSHOT', `The answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Not all browsers iterate over streams themselves. */
async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = body.getReader();
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}
