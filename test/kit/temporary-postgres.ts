import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseAccount, firstClosedFolder } from '../../src/database/embedded/account.ts';
import { lockFolder } from '../../src/database/embedded/folder-lock.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/start.ts';

const prefix = 'modelgate-test-';

/** A PostgreSQL in a folder of its own; `stop` removes both. Those of runs that were killed are removed first. */
export async function startTemporaryPostgres(): Promise<EmbeddedPostgres> {
  const parent = sharedFolder();
  await sweep(parent);
  const { folder, remove } = await temporaryFolder(parent);
  try {
    const postgres = await startEmbeddedPostgres({ directory: join(folder, 'cluster'), durable: false, log: () => {} });
    return { ...postgres, stop: () => postgres.stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A new folder that PostgreSQL can reach, also where root has it run as another user. */
export async function temporaryFolder(parent = sharedFolder()): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(parent, prefix));
  await chmod(folder, 0o711);
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

// Root's temporary folder may be closed to everybody else.
function sharedFolder(): string {
  const account = databaseAccount();
  return [tmpdir(), '/tmp', '/var/tmp'].find((folder) => firstClosedFolder(folder, account) === undefined) ?? tmpdir();
}

async function sweep(parent: string): Promise<void> {
  const anHourAgo = Date.now() - 3_600_000;
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(parent, name);
    const cluster = join(folder, 'cluster');
    try {
      const hasLock = await stat(`${cluster}.lock`).catch(() => undefined);
      // One without a lock may be about to be used by another run.
      if (!hasLock && (await stat(folder)).mtimeMs > anHourAgo) continue;
      if (hasLock) await lockFolder(cluster, () => {});
      await rm(folder, { recursive: true, force: true });
    } catch {
      // In use by a run beside this one, or another user's.
    }
  }
}
