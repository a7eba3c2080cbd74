import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { databaseAccount, spawnOptions } from '../../src/database/embedded/account.ts';
import { freePort } from '../../src/database/embedded/server.ts';
import { ownFolder } from './process.ts';

const program = '/usr/sbin/pgbouncer';

/** Debian's package puts it there. */
export const hasPgBouncer = existsSync(program);

/** A PgBouncer with its own defaults in front of a server, for one test: how a URL leads through it. */
export async function startPgBouncer(
  mode: 'session' | 'transaction' | 'statement',
  urls: readonly string[],
): Promise<(url: string) => string> {
  const folder = await ownFolder();
  const account = databaseAccount();
  const port = await freePort();
  const [first = ''] = urls;
  const { hostname, port: serverPort } = new URL(first);
  const users = urls.map((url) => `"${new URL(url).username}" "${new URL(url).password}"`);
  const lines = [
    ...['[databases]', `* = host=${hostname} port=${serverPort}`, '[pgbouncer]', `listen_port = ${port}`],
    ...['listen_addr = 127.0.0.1', 'unix_socket_dir =', 'auth_type = scram-sha-256', `pool_mode = ${mode}`],
    `auth_file = ${join(folder, 'users')}`,
  ];
  const files = { users: users.join('\n'), ini: `${lines.join('\n')}\n` };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    if (account) await chown(join(folder, name), account.uid, account.gid);
  }
  const child = spawn(program, [join(folder, 'ini')], { ...spawnOptions(account), stdio: 'ignore' });
  const gone = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGINT');
    await gone;
  });
  while (!(await answers(port))) await sleep(20);
  return (url) => Object.assign(new URL(url), { port: String(port) }).href;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}
