import { randomBytes } from 'node:crypto';
import { chmod, copyFile, lstat, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Copies a folder so that every user can read and execute it, then finishes it and puts it in place, whole or not at
 * all. Answers false where the copy is there already. Throws where its place is not ours alone to write to.
 */
export async function copyOnce(from: string, to: string, finish: (draft: string) => Promise<void>): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true });
  await refuseForeign(dirname(to));
  if (await stat(to).catch(() => undefined)) return false;
  await chmod(dirname(to), 0o755);

  const draft = `${to}.${randomBytes(6).toString('hex')}`;
  try {
    await copyFolder(from, draft);
    await finish(draft);
    await rename(draft, to);
    return true;
  } catch (error) {
    if (await stat(to).catch(() => undefined)) return false; // Another process was faster.
    throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) await copyFolder(source, target);
    if (!entry.isFile()) continue;
    await copyFile(source, target);
    const isProgram = ((await stat(source)).mode & 0o100) !== 0;
    await chmod(target, isProgram ? 0o755 : 0o644);
  }
}

/** What is executed from here must not have been laid there by another user. */
async function refuseForeign(folder: string): Promise<void> {
  const { uid, mode } = await lstat(folder);
  const isOurs = uid === 0 || uid === process.getuid?.();
  if (!isOurs || (mode & 0o022) !== 0) throw new Error(`${folder} can be written to by other users`);
}
