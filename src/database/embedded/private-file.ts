import { randomBytes } from 'node:crypto';
import { link, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file that only the owner of its folder can read, whole or not at all. `ifAbsent` leaves an existing file as
 * it is and answers false.
 */
export async function writePrivateFile(path: string, content: string, { ifAbsent = false } = {}): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const folder = await stat(dirname(path));
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(content);
    // Root starting in somebody's folder must not lock that person out of it.
    if (process.getuid?.() === 0 && folder.uid !== 0) await file.chown(folder.uid, folder.gid);
    await file.sync();
    if (ifAbsent) await link(draft, path);
    else await rename(draft, path);
    return true;
  } catch (error) {
    if (ifAbsent && error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await file.close();
    await rm(draft, { force: true });
  }
}
