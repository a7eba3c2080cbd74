import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, readFile, rename } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnOptions } from './account.ts';
import type { Cluster } from './cluster.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { type FolderLock, identify } from './lock.ts';

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  // Faults of statements are for those who sent them: what is left is so little that the file need not be rotated.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};
const careless = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' };

/**
 * Starts the cluster on the port, or on one that is free. The class of `embedded-postgres` is not used: it gives PostgreSQL
 * the whole environment, stops it by a hook of its own when the process ends, and waits for ever where it has ended.
 */
export async function startServer(cluster: Cluster, lock: FolderLock, port?: number) {
  const { directory } = cluster;
  const path = `${directory}.log`;
  for (let attempt = 1; ; attempt++) {
    // The log of the last run stays readable. Never through a symlink: root may be in somebody else's folder.
    await rename(path, `${path}.1`).catch(() => {});
    const logFile = await open(path, 'wx', 0o600);
    const server = await launch(cluster, lock, port ?? (await freePort()), logFile).finally(() => logFile.close());
    if (server) return server;

    const fault = await readFile(path, 'utf8');
    // Somebody took the port since we looked; or a PostgreSQL that was killed is not quite gone.
    const retryable = /address already in use|already exists|shared memory block [^\n]{1,100} still in use/i;
    if (attempt === 20 || !retryable.test(fault)) {
      const reason = /(?:FATAL|PANIC): +(.*)/.exec(fault)?.[1] ?? 'it tells no reason';
      throw new EmbeddedPostgresError(`PostgreSQL does not start in ${directory}: ${reason}. Its log is ${path}.`);
    }
    await sleep(100);
  }
}

async function launch(cluster: Cluster, lock: FolderLock, port: number, logFile: FileHandle) {
  const { directory, binaries, account, durable } = cluster;
  const parameters = Object.entries({ ...settings, ...(durable ? {} : careless), port: String(port) });
  const child = spawn(
    join(binaries, 'postgres'),
    ['-D', directory, ...parameters.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // A process group of its own: the terminal's Ctrl-C must not stop it before the service is done with it.
    { ...spawnOptions(account), detached: true, stdio: ['ignore', logFile.fd, logFile.fd] },
  );
  // A process that ends without stopping it takes it along.
  const abandon = () => void child.kill(durable ? 'SIGINT' : 'SIGQUIT');
  process.once('exit', abandon);
  const exited = once(child, 'exit').then(() => void process.off('exit', abandon));

  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity) await lock.recordPostgres(identity);
  while (identity && child.exitCode === null && child.signalCode === null) {
    // As `pg_ctl` does it: the first line is the process, the eighth its state.
    const lines = (await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (lines[0] === String(identity.pid) && lines[7]?.trim() === 'ready') return { identity, port, exited };
    await sleep(15);
  }
  await exited.catch(() => {}); // It could not be executed.
  return undefined;
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
