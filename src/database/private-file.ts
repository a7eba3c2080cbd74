import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { codeOf } from '../errors/error-code.ts';

/**
 * Writes a file atomically, readable by the owner of its folder alone. `ifAbsent` leaves an existing file unchanged and answers
 * false, also where several processes write at the same time: `write-file-atomic` can only replace.
 */
export async function writePrivateFile(path: string, content: string, { ifAbsent = false } = {}): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const folder = await stat(dirname(path));
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(content);
    // Where root starts the service in the folder of another user, that user must still be able to read the file.
    if (process.getuid?.() === 0 && folder.uid !== 0) await file.chown(folder.uid, folder.gid);
    await file.sync();
    await (ifAbsent ? link(draft, path) : rename(draft, path));
    return true;
  } catch (error) {
    if (ifAbsent && codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await file.close();
    await rm(draft, { force: true });
  }
}

/** The file's content, as JSON of this schema; undefined where there is no file, or its content does not match. */
export async function readJson<T>(path: string, form: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(unlessAbsent);
  try {
    return form.parse(JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}

/** For `catch`: a file that does not exist is not an error. */
export function unlessAbsent(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}
