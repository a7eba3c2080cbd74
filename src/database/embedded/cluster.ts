import { randomBytes } from 'node:crypto';
import { chmod, chown, lchown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writePrivateFile } from '../private-file.ts';
import { type Account, run } from './account.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

export const Passwords = z.object({ modelgate_owner: z.string(), modelgate: z.string() });
/** The passwords of the cluster's two roles. */
export type Passwords = z.infer<typeof Passwords>;

/** Where a cluster is stored, and what runs it. */
export interface Cluster {
  directory: string;
  /** The folder of PostgreSQL's programs. */
  binaries: string;
  /** Their version, such as `18.4.0`. */
  version: string;
  account: Account | undefined;
  durable: boolean;
  log: (line: string) => void;
}

/** Prepares the cluster for its start; creates it where there is none. The folder must be locked. */
export async function prepareCluster(cluster: Cluster): Promise<Passwords> {
  const { directory, account, log } = cluster;
  if (await isAbsent(directory)) {
    log(`Creating a PostgreSQL cluster in ${directory}.`);
    return createCluster(cluster);
  }
  await requireVersion(cluster);
  const { uid } = await stat(directory);
  if (account && uid === 0) await giveTo(directory, account);
  if (!account && uid !== process.getuid?.()) {
    throw new EmbeddedPostgresError(
      `The data folder ${directory} belongs to another user (${uid}). Start as the user who created it, or set DATA_DIR to another folder.`,
    );
  }
  const known = await readJson(`${directory}.json`, Passwords);
  if (known) return known;
  log(`Setting new passwords in ${directory}, as there are none in ${directory}.json.`);
  return setPasswords(cluster, directory, (passwords) =>
    Object.entries(passwords).map(([role, password]) => `ALTER ROLE ${role} PASSWORD '${password}'`),
  );
}

/** Whether a cluster must be created. An empty folder counts as none; any other folder that is not a cluster is an error. */
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

/** PostgreSQL reads no data of another major version. */
async function requireVersion({ directory, version }: Cluster): Promise<void> {
  const made = (await readFile(join(directory, 'PG_VERSION'), 'utf8')).trim();
  const [major] = version.split('.');
  if (made === major) return;
  throw new EmbeddedPostgresError(
    `The data folder ${directory} is of PostgreSQL ${made}, and this is PostgreSQL ${major}, which cannot read it. ` +
      'Set DATA_DIR to a new folder.',
  );
}

async function giveTo(directory: string, { uid, gid }: Account): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const { parentPath, name } of entries) await lchown(join(parentPath, name), uid, gid);
  await chown(directory, uid, gid);
  await chmod(directory, 0o700);
}

/** Everything is created in a folder beside it, so that a start that is killed halfway leaves no incomplete cluster. */
async function createCluster(cluster: Cluster): Promise<Passwords> {
  const { directory, account, durable } = cluster;
  const draft = `${directory}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  if (account) await chown(draft, account.uid, account.gid);
  await runOn(cluster, 'create', 'initdb', [
    `--pgdata=${draft}`,
    '--username=postgres',
    '--encoding=UTF8',
    // PostgreSQL's own locale: no locale of the system is needed.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--auth=reject',
    ...(durable ? [] : ['--no-sync']),
  ]);
  await writeFile(join(draft, 'pg_hba.conf'), 'host all modelgate_owner,modelgate 127.0.0.1/32 scram-sha-256\n');
  const passwords = await setPasswords(cluster, draft, ({ modelgate_owner, modelgate }) => [
    `CREATE ROLE modelgate_owner LOGIN CREATEDB IN ROLE pg_signal_backend PASSWORD '${modelgate_owner}'`,
    `CREATE ROLE modelgate LOGIN PASSWORD '${modelgate}'`,
    'CREATE DATABASE modelgate OWNER modelgate_owner',
    'REVOKE ALL ON DATABASE modelgate, postgres, template1 FROM PUBLIC',
    'GRANT CONNECT ON DATABASE modelgate TO modelgate',
  ]);
  await rename(draft, directory);
  return passwords;
}

/** Runs statements with new passwords as the superuser, who cannot log in, on a cluster that is not running. */
async function setPasswords(cluster: Cluster, folder: string, statements: (passwords: Passwords) => string[]) {
  const newPassword = () => randomBytes(24).toString('base64url');
  const passwords = { modelgate_owner: newPassword(), modelgate: newPassword() };
  const fsync = `fsync=${cluster.durable ? 'on' : 'off'}`;
  const parameters = ['--single', '-j', '-D', folder, '-c', 'exit_on_error=true', '-c', fsync, 'postgres'];
  // In single-user mode a statement ends with a semicolon and an empty line.
  await runOn(cluster, 'set up', 'postgres', parameters, `${statements(passwords).join(';\n\n')};\n\n`);
  await writePrivateFile(`${cluster.directory}.json`, `${JSON.stringify(passwords, null, 2)}\n`);
  return passwords;
}

async function runOn(cluster: Cluster, what: string, program: string, parameters: string[], input?: string) {
  const fault = await run(join(cluster.binaries, program), parameters, cluster.account, input);
  if (fault === undefined) return;
  const lines = fault.split('\n');
  const reason = lines.find((line) => /error|FATAL|PANIC/i.test(line)) ?? lines[0];
  throw new EmbeddedPostgresError(`PostgreSQL could not ${what} the cluster in ${cluster.directory}: ${reason}`);
}
