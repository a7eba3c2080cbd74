import { chmod, mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { databaseAccount, firstClosedFolder } from './account.ts';
import { findBinaries } from './binaries.ts';
import { type Cluster, prepareCluster } from './cluster.ts';
import { EmbeddedPostgresError, explain } from './embedded-postgres-error.ts';
import { type FolderLock, lockFolder, stopPostgres } from './lock.ts';
import { urlsOf } from './running.ts';
import { startServer } from './server.ts';

/** A running embedded PostgreSQL, on a port of 127.0.0.1. */
export interface EmbeddedPostgres {
  /** The role that owns the database `modelgate` and may create others: for migrations. */
  ownerUrl: string;
  /** The service's role: it may connect. Its rights on tables are granted by the migrations. */
  url: string;
  /** Resolves once PostgreSQL has ended, for whatever reason. An unexpected end has been logged by then. */
  exited: Promise<void>;
  /** Stops PostgreSQL and releases the folder; may be called more than once. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** The cluster's folder, created if absent; `<directory>.json`, `.lock` and `.log` are kept beside it. */
  directory: string;
  /** Called with one sentence for each step that takes time or that the operator should know. */
  log: (line: string) => void;
  /** False is faster, but a power failure may lose data; for tests. */
  durable?: boolean;
  /** The port to listen on; absent: a free one. */
  port?: number | undefined;
  /** How often within a minute PostgreSQL is restarted, on the same port, where it ends unexpectedly; absent: never. */
  restarts?: number;
}

/** Starts PostgreSQL from the npm package's binaries. @throws EmbeddedPostgresError that says why it cannot be started */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, durable = true } = options;
  const directory = resolve(options.directory);
  let lock: FolderLock | undefined;
  try {
    const account = databaseAccount(directory, dirname(directory));
    const closed = firstClosedFolder(dirname(directory), account);
    if (closed) {
      throw new EmbeddedPostgresError(
        `The data folder ${directory} is out of reach for ${account?.name}, as whom PostgreSQL runs: ${closed} is closed to it. ` +
          `Run chmod o+x ${closed}, or set DATA_DIR to another folder.`,
      );
    }
    await refuseCluster(dirname(directory));
    await makeFolder(dirname(directory));
    lock = await lockFolder(directory, log);
    const cluster = { directory, account, durable, log, ...(await findBinaries(account, log)) };
    const passwords = await prepareCluster(cluster);
    const { port, exited, stop } = await keepServer(cluster, lock, options);
    return { ...urlsOf(passwords, port), exited, stop };
  } catch (error) {
    await lock?.release();
    throw explain(error, directory);
  }
}

/** Ours is a folder in it: inside a cluster of somebody else it would be in the way. */
async function refuseCluster(folder: string): Promise<void> {
  if (!(await stat(join(folder, 'PG_VERSION')).catch(() => undefined))) return;
  throw new EmbeddedPostgresError(
    `The folder ${folder} is the data of a PostgreSQL itself. Set DATA_DIR to a folder of its own, or DATABASE_URL to that PostgreSQL.`,
  );
}

/** Creates the folder. Only the owner may list it, but PostgreSQL, as another user, must be able to pass through it. */
async function makeFolder(folder: string): Promise<void> {
  if (await stat(folder).catch(() => undefined)) return;
  await makeFolder(dirname(folder));
  await mkdir(folder);
  await chmod(folder, process.getuid?.() === 0 ? 0o711 : 0o700);
}

/** Starts the server, and restarts it where it ends unexpectedly. The folder stays locked in between. */
async function keepServer(cluster: Cluster, lock: FolderLock, { port, restarts = 0 }: EmbeddedPostgresOptions) {
  const { directory, log } = cluster;
  let current = await startServer(cluster, lock, port);
  let stopping: Promise<void> | undefined;
  let endings: number[] = [];

  const wait = async () => {
    for (;;) {
      await current.exited;
      if (stopping) return;
      log(`PostgreSQL (process ${current.identity.pid}) ended unexpectedly; its log is ${directory}.log.`);
      if (restarts === 0) return;
      const now = performance.now();
      endings = [...endings.filter((at) => now - at < 60_000), now];
      if (endings.length > restarts) {
        log(`PostgreSQL is not started again, since it ended ${endings.length} times within a minute.`);
        return;
      }
      log(`Starting PostgreSQL again; its log up to now is ${directory}.log.1.`);
      current = await startServer(cluster, lock, current.port);
      if (stopping) await stopPostgres(current.identity);
    }
  };
  const exited = wait().catch((error: unknown) => log(explain(error, directory).message));
  const stop = () => {
    // Only once: later another process may hold the folder.
    stopping ??= stopPostgres(current.identity)
      .then(() => exited)
      .then(lock.release);
    return stopping;
  };
  return { port: current.port, exited, stop };
}
