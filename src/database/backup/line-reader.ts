import { BackupError } from './backup-error.ts';
import { endOfRows } from './format.ts';

/** The longest line, in bytes: a row of the largest answer that can be stored is smaller. Nothing longer is held in memory. */
const longestLine = 256 * 2 ** 20;

const newline = 0x0a;
const endAfterRow = Buffer.concat([Buffer.of(newline), endOfRows]);

/** Reads lines of a stream of bytes, and blocks of them. */
export class LineReader {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #onBytes: (bytes: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);

  /** `onBytes` gets all bytes in their order, as they are taken. */
  constructor(source: AsyncIterable<Buffer>, onBytes: (bytes: Buffer) => void) {
    this.#chunks = source[Symbol.asyncIterator]();
    this.#onBytes = onBytes;
  }

  /** The next line, without its end; undefined at the end of the stream. A line of more bytes than `longest` is an error. */
  async line(longest: number): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf(newline);
      if (end !== -1 && end <= longest) return this.#take(end + 1).toString('utf8', 0, end);
      if (this.#rest.length > longest) throw new BackupError('The backup has a line that is too long.');
      if (!(await this.#more())) {
        if (this.#rest.length > 0) throw endsTooSoon();
        return undefined;
      }
    }
  }

  /** The rows up to the line that ends them, in blocks of whole lines. */
  async *rows(): AsyncGenerator<Buffer> {
    for (;;) {
      if (this.#rest.subarray(0, endOfRows.length).equals(endOfRows)) {
        this.#take(endOfRows.length);
        return;
      }
      const end = this.#rest.indexOf(endAfterRow);
      const length = (end === -1 ? this.#rest.lastIndexOf(newline) : end) + 1;
      if (length > 0) yield this.#take(length);
      else if (this.#rest.length > longestLine) throw new BackupError('The backup has a row that is too long.');
      else if (!(await this.#more())) throw endsTooSoon();
    }
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    this.#onBytes(taken);
    return taken;
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#chunks.next();
    if (done) return false;
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    return true;
  }
}

export function endsTooSoon(): BackupError {
  return new BackupError('The backup ends too soon: a part of it is missing.');
}
