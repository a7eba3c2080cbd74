import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { BackupError } from './backup-error.ts';
import { Format, formatVersion, Header, Section, Trailer } from './format.ts';
import { endsTooSoon, LineReader } from './line-reader.ts';

/** The longest JSON line, in bytes. */
const longestJson = 2 ** 20;

/** A backup that is being read. */
export interface OpenBackup {
  header: Header;
  /** The tables in their order. The rows of each must be read before the next one is asked for. */
  tables: () => AsyncGenerator<Section & { rows: AsyncIterable<Buffer> }>;
  /** Called after the tables: checks that all is there, and as it was written. */
  end: () => Promise<Trailer>;
}

/**
 * Reads an uncompressed backup. Its rows are passed on as they are read, so that they must count for nothing before `end` has
 * resolved. Memory does not depend on the size of the source.
 *
 * @throws BackupError, as do `tables` and `end`
 */
export async function readBackup(source: AsyncIterable<Buffer>): Promise<OpenBackup> {
  const hash = createHash('sha256');
  const lines = new LineReader(source, (bytes) => void hash.update(bytes));
  const header = readHeader(await lines.line(longestJson));
  const counts: Record<string, number> = {};
  let last: { value: unknown; sha256: string } | undefined;

  return {
    header,
    tables: async function* () {
      for (;;) {
        const sha256 = hash.copy().digest('hex');
        const line = await lines.line(longestJson);
        if (line === undefined) throw endsTooSoon();
        const value = parseJson(line);
        const section = Section.safeParse(value);
        if (!section.success) {
          last = { value, sha256 };
          return;
        }
        const { table } = section.data;
        if (Object.hasOwn(counts, table)) throw new BackupError('The backup has a table twice.');
        counts[table] = 0;
        const counted = async function* () {
          for await (const block of lines.rows()) {
            counts[table] = (counts[table] ?? 0) + countLines(block);
            yield block;
          }
        };
        yield { ...section.data, rows: counted() };
      }
    },
    end: async () => {
      const trailer = parse(Trailer, last?.value);
      if ((await lines.line(longestJson)) !== undefined) throw new BackupError('The backup goes on after its end.');
      const isComplete =
        Object.keys(counts).length === Object.keys(trailer.rows).length &&
        Object.entries(counts).every(([table, count]) => trailer.rows[table] === count);
      if (!isComplete || trailer.sha256 !== last?.sha256)
        throw new BackupError('The backup was changed: its content does not match its checksum.');
      return trailer;
    },
  };
}

/** Reads a backup to its end, and nothing else. @throws BackupError */
export async function verifyBackup(source: AsyncIterable<Buffer>): Promise<Header & Trailer> {
  const backup = await readBackup(source);
  for await (const { rows } of backup.tables()) for await (const _ of rows);
  return { ...backup.header, ...(await backup.end()) };
}

export function countLines(block: Buffer): number {
  let count = 0;
  for (let at = block.indexOf(0x0a); at !== -1; at = block.indexOf(0x0a, at + 1)) count++;
  return count;
}

function readHeader(line: string | undefined): Header {
  const value = line === undefined ? undefined : parseJson(line);
  const format = Format.safeParse(value);
  if (!format.success) throw notABackup();
  if (format.data.version > formatVersion) {
    throw new BackupError('The backup was made by a newer release. Restore it with that release, or with a newer one.');
  }
  return parse(Header, value);
}

function parse<T>(form: z.ZodType<T>, value: unknown): T {
  const { data, success } = form.safeParse(value);
  if (!success) throw new BackupError('The backup was changed: one of its lines cannot be read.');
  return data;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

export function notABackup(): BackupError {
  return new BackupError('The file is not a backup of Modelgate.');
}
