import { once } from 'node:events';
import { chmod, mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { databaseAccount, firstClosedFolder } from './account.ts';
import { findBinaries } from './binaries.ts';
import { type Cluster, type Passwords, prepareCluster } from './cluster.ts';
import { EmbeddedPostgresError, explain } from './embedded-postgres-error.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { stopPostgres } from './processes.ts';
import { type Server, startServer } from './server.ts';

/** A running PostgreSQL of our own, on a port of 127.0.0.1. */
export interface EmbeddedPostgres {
  /** The role that owns the database `modelgate` and may create others: for migrations. */
  ownerUrl: string;
  /** The service's role: it may connect; what it may do with tables, migrations say. */
  url: string;
  /** Resolves when PostgreSQL is gone, stopped or not; that it was not has been logged by then. */
  exited: Promise<void>;
  /** Stops PostgreSQL and gives the folder free; may be called more than once. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** The cluster's folder, created if absent; `<directory>.json`, `.lock` and `.log` are kept beside it. */
  directory: string;
  /** Told one sentence for each thing that takes time or that the operator should know. */
  log: (line: string) => void;
  /** False: faster, and the data may be lost with the power; for tests. */
  durable?: boolean;
  /** The port to listen on: a free one where absent. */
  port?: number | undefined;
}

/** Starts PostgreSQL from the npm package's binaries, or throws an `EmbeddedPostgresError` that says why it cannot. */
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
    await makeParents(dirname(directory));
    lock = await lockFolder(directory, log);
    const cluster: Cluster = { directory, account, durable, log, binaries: await findBinaries(account, log) };
    const passwords = await prepareCluster(cluster);
    const server = await startServer(cluster, lock.recordPostgres, options.port);
    return supervise(cluster, server, passwords, lock);
  } catch (error) {
    await lock?.release();
    throw explain(error, directory);
  }
}

/** Only the owner may list what we create, but PostgreSQL, as another user, must pass through. */
async function makeParents(folder: string): Promise<void> {
  if (await stat(folder).catch(() => undefined)) return;
  await makeParents(dirname(folder));
  await mkdir(folder);
  await chmod(folder, process.getuid?.() === 0 ? 0o711 : 0o700);
}

function supervise(cluster: Cluster, server: Server, passwords: Passwords, lock: FolderLock): EmbeddedPostgres {
  const { child, identity, port } = server;
  let stopping: Promise<void> | undefined;
  const isOver = child.exitCode !== null || child.signalCode !== null;
  const exited = (isOver ? Promise.resolve([]) : once(child, 'exit')).then(() => {
    if (stopping) return;
    cluster.log(`PostgreSQL (process ${identity.pid}) ended unexpectedly; its log is ${cluster.directory}.log.`);
  });
  const stop = async () => {
    await stopPostgres(identity);
    await exited;
    await lock.release();
  };
  const url = (role: keyof Passwords) => `postgresql://${role}:${passwords[role]}@127.0.0.1:${port}/modelgate`;
  return {
    ownerUrl: url('modelgate_owner'),
    url: url('modelgate'),
    exited,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}
