import { randomBytes } from 'node:crypto';
import { chmod, chown, lchown, lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { writePrivateFile } from './private-file.ts';
import { run } from './run.ts';

const Passwords = z.object({ modelgate_owner: z.string(), modelgate: z.string() });
/** The passwords of the cluster's two roles. */
export type Passwords = z.infer<typeof Passwords>;

/** Where a cluster lies, and what runs it. */
export interface Cluster {
  directory: string;
  binaries: Binaries;
  account: Account | undefined;
  durable: boolean;
  log: (line: string) => void;
}

/** Makes the cluster ready to be started, creating it if there is none. The folder must be locked. */
export async function prepareCluster(cluster: Cluster): Promise<Passwords> {
  const { directory, account, log } = cluster;
  if (await isAbsent(directory)) {
    log(`Creating a PostgreSQL cluster in ${directory}.`);
    return createCluster(cluster);
  }
  const { uid } = await stat(directory);
  if (account && uid === 0) await giveTo(directory, account);
  if (!account && uid !== process.getuid?.()) {
    throw new EmbeddedPostgresError(
      `The data folder ${directory} belongs to another user (${uid}). Start as the user who created it, or set DATA_DIR to another folder.`,
    );
  }
  const known = await readPasswords(directory);
  if (known) return known;
  log(`Setting new passwords in ${directory}, as there are none in ${directory}.json.`);
  return setPasswords(cluster, directory, (role, password) => `ALTER ROLE ${role} PASSWORD '${password}'`);
}

/** Whether a cluster is to be created. An empty folder counts as none; anything else that is no cluster is a fault. */
async function isAbsent(directory: string): Promise<boolean> {
  const found = await stat(directory).catch(() => undefined);
  if (found === undefined) return true;
  if (!found.isDirectory()) {
    throw new EmbeddedPostgresError(`The data folder ${directory} is a file. Remove it, or set DATA_DIR to a folder.`);
  }
  const content = await readdir(directory).catch((): string[] => ['PG_VERSION']);
  if (content.length > 0 && !content.includes('PG_VERSION')) {
    throw new EmbeddedPostgresError(
      `The data folder ${directory} holds something else than a PostgreSQL cluster. Set DATA_DIR to a new folder.`,
    );
  }
  return content.length === 0;
}

/** Everything is made in a folder beside it, so that a start that is killed half way leaves no half cluster. */
async function createCluster(cluster: Cluster): Promise<Passwords> {
  const { directory, binaries, account, durable } = cluster;
  const draft = `${directory}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  if (account) await chown(draft, account.uid, account.gid);

  const { ok, errors } = await run(
    binaries.initdb,
    // PostgreSQL's own locale: the system need not know any.
    [
      `--pgdata=${draft}`,
      '--username=postgres',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--auth=reject',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ],
    account,
  );
  if (!ok)
    throw new EmbeddedPostgresError(`PostgreSQL could not create a cluster in ${directory}: ${firstError(errors)}`);

  await writeFile(join(draft, 'pg_hba.conf'), 'host all modelgate_owner,modelgate 127.0.0.1/32 scram-sha-256\n');
  const passwords = await setPasswords(cluster, draft, (role, password) =>
    role === 'modelgate_owner'
      ? `CREATE ROLE ${role} LOGIN CREATEDB IN ROLE pg_signal_backend PASSWORD '${password}'`
      : `CREATE ROLE ${role} LOGIN PASSWORD '${password}'`,
  );
  await runSql(cluster, draft, [
    'CREATE DATABASE modelgate OWNER modelgate_owner',
    'REVOKE ALL ON DATABASE modelgate, postgres, template1 FROM PUBLIC',
    'GRANT CONNECT ON DATABASE modelgate TO modelgate',
  ]);
  await rm(directory, { recursive: true, force: true });
  await rename(draft, directory);
  return passwords;
}

async function setPasswords(
  cluster: Cluster,
  folder: string,
  statement: (role: string, password: string) => string,
): Promise<Passwords> {
  const passwords = { modelgate_owner: newPassword(), modelgate: newPassword() };
  await runSql(
    cluster,
    folder,
    Object.entries(passwords).map(([role, password]) => statement(role, password)),
  );
  await writePrivateFile(`${cluster.directory}.json`, `${JSON.stringify(passwords, null, 2)}\n`);
  return passwords;
}

const newPassword = () => randomBytes(24).toString('base64url');

async function readPasswords(directory: string): Promise<Passwords | undefined> {
  try {
    return Passwords.parse(JSON.parse(await readFile(`${directory}.json`, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** Runs statements as the superuser, who cannot log in, on a cluster that is not running. */
async function runSql({ binaries, account, durable, directory }: Cluster, folder: string, statements: string[]) {
  const { ok, errors } = await run(
    binaries.postgres,
    ['--single', '-j', '-D', folder, '-c', 'exit_on_error=true', '-c', `fsync=${durable ? 'on' : 'off'}`, 'postgres'],
    account,
    // In this mode a statement ends with a semicolon and an empty line.
    statements.map((statement) => `${statement};\n\n`).join(''),
  );
  if (!ok)
    throw new EmbeddedPostgresError(`PostgreSQL could not set up the cluster in ${directory}: ${firstError(errors)}`);
}

const firstError = (errors: string) =>
  errors.split('\n').find((line) => /error|FATAL|PANIC/i.test(line)) ?? errors.split('\n')[0];

async function giveTo(path: string, account: Account): Promise<void> {
  await lchown(path, account.uid, account.gid);
  if (!(await lstat(path)).isDirectory()) return;
  await chmod(path, 0o700);
  for (const name of await readdir(path)) await giveTo(join(path, name), account);
}
