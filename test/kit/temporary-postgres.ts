import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { databaseAccount, firstClosedFolder } from '../../src/database/embedded/account.ts';
import { lockFolder } from '../../src/database/embedded/lock.ts';
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

/** A PostgreSQL that a test may harm, and that keeps what was committed. */
export interface MortalPostgres extends Pick<EmbeddedPostgres, 'ownerUrl' | 'url'> {
  /** Kills it, with every process of it. */
  kill(): Promise<void>;
  /** Starts it again after that, on the same port and with the same data. */
  restart(): Promise<void>;
  /** Holds all its processes still, as if its host were cut off, until what this resolves to is called. */
  freeze(): Promise<() => void>;
  /** Ends it, and removes its data. */
  remove(): Promise<void>;
}

export async function startMortalPostgres(): Promise<MortalPostgres> {
  const { folder, remove } = await temporaryFolder();
  const options = { directory: join(folder, 'cluster'), log: () => {} };
  let postgres = await startEmbeddedPostgres(options);
  const { ownerUrl, url } = postgres;
  const signal = async (name: NodeJS.Signals) => {
    const pids = await processesOf(options.directory, ownerUrl);
    sendAll(pids, name);
    return pids;
  };
  return {
    ownerUrl,
    url,
    kill: async () => {
      await signal('SIGKILL');
      await postgres.stop();
    },
    restart: async () => {
      postgres = await startEmbeddedPostgres({ ...options, port: Number(new URL(url).port) });
    },
    freeze: async () => {
      const pids = await signal('SIGSTOP');
      return () => sendAll(pids, 'SIGCONT');
    },
    remove: () => postgres.stop().then(remove),
  };
}

/** The postmaster first: it starts another child for one that is gone. */
async function processesOf(directory: string, ownerUrl: string): Promise<number[]> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const { rows } = await owner.query('SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
  await owner.end();
  const postmaster = Number.parseInt(await readFile(join(directory, 'postmaster.pid'), 'utf8'), 10);
  return [postmaster, ...rows.map(({ pid }) => Number(pid))];
}

function sendAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone since.
    }
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
