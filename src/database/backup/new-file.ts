import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, rename, rm, stat } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { codeOf } from '../../errors/error-code.ts';
import { BackupError } from './backup-error.ts';
import { explainFileFault } from './file-fault.ts';

/**
 * Creates a file that only its owner may read. It has its name once it is whole and on the disk; until then, and where anything
 * fails, there is none. An existing file is never replaced.
 *
 * @throws BackupError
 */
export async function writeNewFile(path: string, write: (file: Writable) => Promise<void>): Promise<void> {
  if (await exists(path)) throw alreadyExists(path);
  const draft = `${path}.${randomBytes(6).toString('hex')}.part`;
  const file = createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true });
  try {
    await write(file);
    // Until it is synced and closed.
    await finished(file);
    await giveName(draft, path);
  } catch (error) {
    throw codeOf(error) === 'EEXIST' ? alreadyExists(path) : explainFileFault(error, `${path} cannot be written`);
  } finally {
    await rm(draft, { force: true });
  }
}

async function giveName(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    // A file system without hard links, such as that of a memory stick.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error))) throw error;
    if (await exists(path)) throw alreadyExists(path);
    await rename(draft, path);
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

function alreadyExists(path: string): BackupError {
  return new BackupError(`${path} exists already, and is kept as it is. Name another file.`);
}
