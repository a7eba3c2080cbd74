import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, readFile, rename } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { identify, type ProcessIdentity } from './processes.ts';
import { spawnOptions } from './run.ts';

/** A PostgreSQL that accepts connections. */
export interface Server {
  child: ChildProcess;
  identity: ProcessIdentity;
  port: number;
}

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  timezone: 'UTC',
  // Faults of statements are for those who sent them: what is left is so little that the file need not be rotated.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};
const careless = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
};

/** Starts the cluster on the port, or on one that is free; `spawned` is awaited as soon as there is a process. */
export async function startServer(
  cluster: Cluster,
  spawned: (postgres: ProcessIdentity) => Promise<void>,
  port?: number,
): Promise<Server> {
  const path = `${cluster.directory}.log`;
  for (let attempt = 1; ; attempt++) {
    // The log of the last run stays readable. Never through a symlink: root may be in somebody else's folder.
    await rename(path, `${path}.1`).catch(() => {});
    const logFile = await open(path, 'wx', 0o600);
    try {
      const server = await launch(cluster, port ?? (await freePort()), logFile, spawned);
      if (server) return server;
    } finally {
      await logFile.close();
    }
    const fault = await readFile(path, 'utf8');
    // Somebody took the port since we looked; or a PostgreSQL that was killed is not quite gone.
    const isPassing = /address already in use|already exists|shared memory block [^\n]{1,100} still in use/i.test(
      fault,
    );
    if (isPassing && attempt < 20) {
      await sleep(100);
      continue;
    }
    const reason = /(?:FATAL|PANIC): +(.*)/.exec(fault)?.[1] ?? 'it tells no reason';
    throw new EmbeddedPostgresError(
      `PostgreSQL does not start in ${cluster.directory}: ${reason}. Its log is ${path}.`,
    );
  }
}

async function launch(
  { directory, binaries, account, durable }: Cluster,
  port: number,
  logFile: FileHandle,
  spawned: (postgres: ProcessIdentity) => Promise<void>,
): Promise<Server | undefined> {
  const parameters = Object.entries({ ...settings, ...(durable ? {} : careless), port: String(port) });
  const child = spawn(
    binaries.postgres,
    ['-D', directory, ...parameters.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // A process group of its own: the terminal's Ctrl-C must not stop it before the service is done with it.
    { ...spawnOptions(account), detached: true, stdio: ['ignore', logFile.fd, logFile.fd] },
  );
  // A process that ends without stopping it takes it along.
  const abandon = () => void child.kill(durable ? 'SIGINT' : 'SIGQUIT');
  process.once('exit', abandon);
  child.once('exit', () => process.off('exit', abandon));

  const pid = child.pid;
  const identity = pid === undefined ? undefined : identify(pid);
  if (pid === undefined) await once(child, 'error');
  if (identity === undefined) return undefined;
  await spawned(identity);
  while (child.exitCode === null && child.signalCode === null) {
    if (await isReady(directory, identity.pid)) return { child, identity, port };
    await sleep(15);
  }
  return undefined;
}

/** As `pg_ctl` does it: the first line is the process, the eighth its state. */
async function isReady(directory: string, pid: number): Promise<boolean> {
  const lines = (await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('A TCP server has an address and a port.');
  return address.port;
}
