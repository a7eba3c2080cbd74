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
  // Errors of statements are sent to the client. What else is logged is so little that the file need not be rotated.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};
const notDurable = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' };

/**
 * Starts the cluster on the given port, or on a free one. The class of `embedded-postgres` is not used: it passes the whole
 * environment to PostgreSQL, stops PostgreSQL by its own exit hook, and waits for ever where PostgreSQL has ended.
 */
export async function startServer(cluster: Cluster, lock: FolderLock, port?: number) {
  const { directory } = cluster;
  const path = `${directory}.log`;
  for (let attempt = 1; ; attempt++) {
    // The log of the last run is kept. `wx` never follows a symlink: root may write to the folder of another user.
    await rename(path, `${path}.1`).catch(() => {});
    const logFile = await open(path, 'wx', 0o600);
    const server = await launch(cluster, lock, port ?? (await freePort()), logFile).finally(() => logFile.close());
    if (server) return server;

    const fault = await readFile(path, 'utf8');
    // Another process has taken the port since it was found free, or a killed PostgreSQL still holds its resources.
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
  const parameters = Object.entries({ ...settings, ...(durable ? {} : notDurable), port: String(port) });
  const child = spawn(
    join(binaries, 'postgres'),
    ['-D', directory, ...parameters.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // In its own process group: Ctrl-C in the terminal must not stop it before the service has finished with it.
    { ...spawnOptions(account), detached: true, stdio: ['ignore', logFile.fd, logFile.fd] },
  );
  // When this process exits without having stopped PostgreSQL, PostgreSQL is stopped too.
  const stopOnExit = () => void child.kill(durable ? 'SIGINT' : 'SIGQUIT');
  process.once('exit', stopOnExit);
  const exited = once(child, 'exit').then(() => void process.off('exit', stopOnExit));

  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity) await lock.recordPostgres(identity);
  while (identity && child.exitCode === null && child.signalCode === null) {
    // As in `pg_ctl`: the first line is the process, the eighth its state.
    const lines = (await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (lines[0] === String(identity.pid) && lines[7]?.trim() === 'ready') return { identity, port, exited };
    await sleep(15);
  }
  await exited.catch(() => {}); // It could not be executed.
  return undefined;
}

/** A free port of 127.0.0.1. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
