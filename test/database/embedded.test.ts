import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { firstClosedFolder } from '../../src/database/embedded/account.ts';
import { resolveDataDirectory } from '../../src/database/embedded/data-directory.ts';
import { EmbeddedPostgresError } from '../../src/database/embedded/embedded-postgres-error.ts';
import { startEmbeddedPostgres } from '../../src/database/embedded/start.ts';
import { temporaryFolder } from '../kit/temporary-postgres.ts';

const isRoot = process.getuid?.() === 0;
const nobody = 65534;
const projectFolder = join(import.meta.dirname, '../..');

/** A cluster for the cases that do not ask how one is created: each starts and stops it. */
let made: string;
let removeMade: () => Promise<void>;
let folder: string;
let directory: string;
let logged: string[];
let cleanUps: (() => Promise<unknown>)[];

beforeAll(async () => {
  const temporary = await temporaryFolder();
  removeMade = temporary.remove;
  made = join(temporary.folder, 'data');
  const postgres = await startEmbeddedPostgres({ directory: made, durable: false, log: () => {} });
  await postgres.stop();
});
afterAll(() => removeMade());

beforeEach(async () => {
  const temporary = await temporaryFolder();
  folder = temporary.folder;
  directory = join(folder, 'data');
  logged = [];
  cleanUps = [temporary.remove];
});
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

async function start() {
  const postgres = await startEmbeddedPostgres({ directory, durable: false, log: (line) => logged.push(line) });
  cleanUps.push(postgres.stop);
  return postgres;
}

/** Another process that starts PostgreSQL in the folder; `said` is what came of it. */
async function startElsewhere(uid?: number) {
  const script = join(projectFolder, 'test/kit/embedded-process.ts');
  const parameters = ['--import', 'tsx', script, directory, ...(uid === undefined ? [] : [String(uid)])];
  const child = spawn(process.execPath, parameters, { cwd: projectFolder, stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const end = async (how: () => unknown) => {
    how();
    await exit;
  };
  cleanUps.push(() => end(() => child.stdin.end()));
  for await (const line of createInterface(child.stdout)) {
    return { pid: child.pid, said: JSON.parse(line), kill: () => end(() => child.kill('SIGKILL')) };
  }
  throw new Error('The other process ended without a word.');
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  // A test may end the server while we are connected.
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const postmaster = async () => Number.parseInt(await readFile(join(directory, 'postmaster.pid'), 'utf8'), 10);
const refusal = () =>
  start().then(
    () => 'started',
    (error) => (error instanceof EmbeddedPostgresError ? error.message : error),
  );

describe('startEmbeddedPostgres', () => {
  it('creates a cluster, stops, and finds its data when started again', async () => {
    const first = await start();
    await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    await first.stop();
    const left = await readdir(folder);

    const second = await start();

    expect(await query(second.ownerUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(logged).toEqual([`Creating a PostgreSQL cluster in ${directory}.`]);
    expect(left.sort()).toEqual(['data', 'data.json', 'data.log']);
  });

  it('keeps the passwords to itself, and gives the service a role that may connect and no more', async () => {
    directory = made;
    const { url } = await start();

    expect((await stat(`${directory}.json`)).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect(
      await query(url, 'SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user'),
    ).toEqual([{ rolsuper: false, rolcreatedb: false, rolcreaterole: false }]);
    await expect(query(url, 'CREATE TABLE anything (id int)')).rejects.toThrow('permission denied for schema public');
    await expect(query(url.replace(/modelgate$/, 'postgres'), 'SELECT 1')).rejects.toThrow(
      'permission denied for database',
    );
    await expect(query(url.replace(/:[^:@]+@/, ':guessed@'), 'SELECT 1')).rejects.toThrow(
      'password authentication failed',
    );
  });

  it('refuses a folder that another process holds, and names it', async () => {
    directory = made;
    const { pid } = await startElsewhere();

    expect(await refusal()).toBe(
      `The data folder ${directory} is in use by another Modelgate (process ${pid}). Stop it, or set DATA_DIR to another folder.`,
    );
  });

  it('stops the PostgreSQL of a process that was killed, and goes on with its data', async () => {
    directory = made;
    const predecessor = await startElsewhere();
    await query(predecessor.said.ownerUrl, 'CREATE TABLE orphaned ()');
    const orphan = await postmaster();
    await predecessor.kill();

    const { ownerUrl } = await start();

    expect(await postmaster()).not.toBe(orphan);
    expect(logged).toEqual([
      `Stopping the PostgreSQL (process ${orphan}) that an earlier run left behind in ${directory}.`,
    ]);
    expect(await query(ownerUrl, 'SELECT * FROM orphaned')).toEqual([]);
  });

  it('starts after everything was killed at once, as when the power fails', async () => {
    directory = made;
    const predecessor = await startElsewhere();
    await query(predecessor.said.ownerUrl, 'CREATE TABLE survived ()');
    const orphan = await postmaster();
    await predecessor.kill();
    process.kill(orphan, 'SIGKILL');

    const { ownerUrl } = await start();

    expect(await query(ownerUrl, 'SELECT * FROM survived')).toEqual([]);
  });

  it('tells when PostgreSQL ends by itself', async () => {
    directory = made;
    const { exited } = await start();
    const pid = await postmaster();

    process.kill(pid, 'SIGKILL');
    await exited;

    expect(logged.at(-1)).toBe(`PostgreSQL (process ${pid}) ended unexpectedly; its log is ${directory}.log.`);
  });

  it('begins anew where a first start was killed half way', async () => {
    await mkdir(`${directory}.new`);
    await writeFile(join(`${directory}.new`, 'PG_VERSION'), '18');
    await writeFile(`${directory}.lock`, '');

    const { url } = await start();

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('gives the folder to one of several starts that find a dead lock at once, and refuses the others', async () => {
    directory = made;
    await writeFile(`${directory}.lock`, '');

    const outcomes = await Promise.all([refusal(), refusal(), refusal()]);

    const refused = `The data folder ${directory} is in use by this process (process ${process.pid}). Stop it, or set DATA_DIR to another folder.`;
    expect(outcomes.sort()).toEqual([refused, refused, 'started']);
  });

  it('sets new passwords where the file with them is lost', async () => {
    directory = made;
    const first = await start();
    await first.stop();
    await rm(`${directory}.json`);

    const { url } = await start();

    expect(url).not.toBe(first.url);
    expect(await query(url, 'SELECT current_user')).toEqual([{ current_user: 'modelgate' }]);
  });

  it('refuses a path that is a file, is below a file, or holds something else', async () => {
    const file = directory;
    await writeFile(file, '');
    expect(await refusal()).toBe(`The data folder ${file} is a file. Remove it, or set DATA_DIR to a folder.`);

    directory = join(file, 'below');
    expect(await refusal()).toBe(
      `The data folder ${directory} cannot be used: a part of its path is a file. Mend that, or set DATA_DIR to another folder.`,
    );

    directory = join(folder, 'other');
    await mkdir(directory);
    await writeFile(join(directory, 'letter.txt'), 'Dear');
    expect(await refusal()).toBe(
      `The data folder ${directory} holds something else than a PostgreSQL cluster. Set DATA_DIR to a new folder.`,
    );

    directory = join(folder, 'n'.repeat(300));
    expect(await refusal()).toMatch(/ cannot be used: its path is too long\. /);

    directory = join(folder, 'circle/data');
    await symlink(join(folder, 'circle'), join(folder, 'circle'));
    expect(await refusal()).toMatch(/ cannot be used: its path is a circle of symbolic links\. /);
  });

  it('refuses the data of another major version, and to be inside the data of another PostgreSQL', async () => {
    await mkdir(directory);
    await writeFile(join(directory, 'PG_VERSION'), '9.6\n');
    expect(await refusal()).toMatch(
      new RegExp(
        `^The data folder ${directory} is of PostgreSQL 9\\.6, and this is PostgreSQL 18, which cannot read it\\. `,
      ),
    );

    directory = join(directory, 'postgres');
    expect(await refusal()).toMatch(/^The folder \S+ is the data of a PostgreSQL itself\. Set DATA_DIR to /);
  });

  it('takes a path with blanks and letters of any alphabet, and a symbolic link', async () => {
    await mkdir(join(folder, 'Größe 数据'));
    await symlink(join(folder, 'Größe 数据'), join(folder, 'link'));
    directory = join(folder, 'link', 'postgres');

    const { url } = await start();

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it.runIf(isRoot)('refuses, as root, a folder that PostgreSQL cannot reach', async () => {
    await chmod(folder, 0o700);

    expect(await refusal()).toMatch(
      new RegExp(
        `^The data folder ${directory} is out of reach for \\S+, as whom PostgreSQL runs: ${folder} is closed to it. ` +
          `Run chmod o\\+x ${folder}, or set DATA_DIR to another folder.$`,
      ),
    );
  });

  it('works for a plain user, who is refused where he may not write', async ({ skip }) => {
    // Root looks at it from a process of a plain user, who must be able to read the project.
    const other = isRoot ? { name: 'nobody', uid: nobody, gid: nobody } : undefined;
    skip(firstClosedFolder(projectFolder, other) !== undefined, 'this clone is closed to other users');
    const uid = isRoot ? nobody : undefined;
    const closed = join(folder, 'closed');
    await mkdir(closed, { mode: 0o500 });
    const open = join(folder, 'open');
    await mkdir(open);
    if (uid !== undefined) await chown(open, uid, uid);

    directory = join(closed, 'data');
    const refused = await startElsewhere(uid);
    directory = join(open, 'data');
    const started = await startElsewhere(uid);

    expect(refused.said).toEqual({
      name: 'EmbeddedPostgresError',
      message: `The data folder ${join(closed, 'data')} cannot be used: permission is denied to this user. Mend that, or set DATA_DIR to another folder.`,
    });
    expect(await query(started.said.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('resolveDataDirectory', () => {
  it('takes DATA_DIR, seen from the working folder, else .data', () => {
    expect(resolveDataDirectory({ DATA_DIR: '/srv/data', cwd: folder })).toEqual({ path: '/srv/data' });
    expect(resolveDataDirectory({ DATA_DIR: 'data', cwd: folder })).toEqual({ path: directory });
    expect(resolveDataDirectory({ cwd: folder })).toEqual({ path: join(folder, '.data') });
  });

  it('makes no folder that is called ~', () => {
    expect(() => resolveDataDirectory({ DATA_DIR: '~/data', cwd: folder })).toThrow(/^DATA_DIR begins with ~, /);
    expect(resolveDataDirectory({ DATA_DIR: '~data', cwd: folder })).toEqual({ path: join(folder, '~data') });
  });

  it('answers, where only the owner may enter the working folder, what PostgreSQL can reach', async () => {
    await chmod(folder, 0o700);

    const answer = resolveDataDirectory({ cwd: folder });

    if (isRoot) {
      expect(answer.path).toMatch(new RegExp(`^/var/lib/modelgate/[0-9a-f]{8}-${basename(folder)}$`));
      expect(answer.note).toMatch(`The data is in ${answer.path}, since `);
      expect(resolveDataDirectory({ cwd: folder })).toEqual(answer);
    } else {
      expect(answer).toEqual({ path: join(folder, '.data') });
    }
  });
});
