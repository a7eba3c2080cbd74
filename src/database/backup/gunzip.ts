import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { codeOf } from '../../errors/error-code.ts';
import { BackupError } from './backup-error.ts';
import { explainFileFault } from './file-fault.ts';
import { endsTooSoon } from './line-reader.ts';
import { notABackup } from './read-backup.ts';

/** The content of a gzip stream. @throws BackupError where it is damaged; or its file cannot be read */
export async function* gunzip(source: Readable): AsyncGenerator<Buffer> {
  const content = createGunzip({ chunkSize: 256 * 1024 });
  pipeline(source, content, () => {});
  try {
    yield* content;
  } catch (error) {
    throw explain(error) ?? explainFileFault(error, 'The file cannot be read');
  } finally {
    source.destroy();
  }
}

function explain(error: unknown): BackupError | undefined {
  const code = codeOf(error);
  if (code === 'Z_BUF_ERROR') return endsTooSoon();
  if (!code.startsWith('Z_')) return undefined;
  return error instanceof Error && error.message === 'incorrect header check'
    ? notABackup()
    : new BackupError('The backup is damaged: it cannot be decompressed.');
}
