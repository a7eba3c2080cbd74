import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { aBlankDatabase, connectTo, countRows, dataOf } from '../kit/backup.ts';
import { createTestDatabase } from '../kit/database.ts';
import { aDatabaseOfSealedKeys, newKey, oldKey } from '../kit/sealed-keys.ts';
import { addressOf, end, ownFolder, projectFolder, run, runs } from './process.ts';

const main = join(projectFolder, 'bin/modelgate.cjs');

async function aDatabase() {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  return database;
}

/** A blank database, as `restore` is told of it. */
async function aTarget() {
  const database = await aBlankDatabase();
  return { database, env: { DATABASE_URL: database.url, MIGRATE_DATABASE_URL: database.ownerUrl } };
}

describe('backup', () => {
  it('writes a file of a name that tells the time, and prints it; only its owner may read it', async () => {
    const cwd = await ownFolder();

    const { code, stdout } = await run(['backup'], { env: { DATABASE_URL: (await aDatabase()).url }, cwd });

    expect(code).toBe(0);
    expect(stdout).toMatch(/^modelgate-\d{8}T\d{6}Z\.backup\n$/);
    expect(await readdir(cwd)).toEqual([stdout.trim()]);
    expect((await stat(join(cwd, stdout.trim()))).mode & 0o777).toBe(0o600);
  });

  it('never replaces a file', async () => {
    const cwd = await ownFolder();
    await writeFile(join(cwd, 'mine'), 'mine');

    const outcome = await run(['backup', '--out', 'mine'], { env: { DATABASE_URL: (await aDatabase()).url }, cwd });

    expect(outcome).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^mine exists already, .*\n$/),
    });
    expect(await readFile(join(cwd, 'mine'), 'utf8')).toBe('mine');
    expect(await readdir(cwd)).toEqual(['mine']);
  });

  it.each([
    [
      'into a folder that is not there',
      ['--out', 'no/where'],
      'no/where cannot be written: no such file or directory.\n',
    ],
  ])('says in a sentence why it cannot be written %s', async (_name, parameters, sentence) => {
    const env = { DATABASE_URL: (await aDatabase()).url };

    expect(await run(['backup', ...parameters], { env })).toEqual({ code: 1, stdout: '', stderr: sentence });
  });

  it.each([
    ['a full disk', '> /dev/full', /^The backup cannot be written: no space left on device\.\n$/],
    ['a reader that has ended', '| true', /^Whoever read the backup has ended before it was whole\.\n$/],
  ])('says in a sentence that its output is %s', async (_name, target, sentence) => {
    const env = { DATABASE_URL: (await aDatabase()).url };
    const script = `set -o pipefail; "${process.execPath}" "${main}" backup --out - ${target}`;

    const { code, stderr } = await run(['-c', script], { program: '/bin/bash', env });

    expect(stderr).toMatch(sentence);
    expect(code).toBe(1);
  });

  it('leaves no file where it is stopped', async () => {
    const database = await aDatabase();
    const cwd = await ownFolder();
    const owner = await connectTo(database.ownerUrl);
    await owner.query('BEGIN; LOCK TABLE "User" IN ACCESS EXCLUSIVE MODE');
    const running = runs(['backup', '--out', 'file'], { env: { DATABASE_URL: database.url }, cwd });
    await vi.waitUntil(async () => (await readdir(cwd)).length > 0, { timeout: 10_000 });

    running.child.kill('SIGINT');

    expect(await running.outcome).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Stopped by SIGINT. No backup was written.\n',
    });
    expect(await readdir(cwd)).toEqual([]);
  });
});

describe('restore', () => {
  it('passes on by a pipe what is in a database, and says which master keys are missing', async () => {
    const { env, ids } = await aDatabaseOfSealedKeys(3);
    const { database, env: target } = await aTarget();
    const script = `"${process.execPath}" "${main}" backup --out - | DATABASE_URL='${target.DATABASE_URL}' \\
      MIGRATE_DATABASE_URL='${target.MIGRATE_DATABASE_URL}' MASTER_KEYS='${newKey}' "${process.execPath}" "${main}" restore -`;

    const { code, stdout, stderr } = await run(['-c', script], { program: '/bin/bash', env });

    expect(stderr).toContain('The master key "old" is missing. What does not open without it: 3 provider keys.\n');
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /^Restored 4 rows in \d+ tables as of .*\n(.*\n)*Start the service with the MASTER_KEYS .*\n$/,
    );
    expect(await countRows(database)).toBe(ids.length + 1);
  });

  it('finds that a master key has the id of another, and opens with the right one', async () => {
    const { env } = await aDatabaseOfSealedKeys(3);
    const cwd = await ownFolder();
    await run(['backup', '--out', 'file'], { env, cwd });
    const [wrong, right] = [await aTarget(), await aTarget()];
    const [, other] = newKey.split(':');

    const [first, second] = [
      await run(['restore', 'file'], { env: { ...wrong.env, MASTER_KEYS: `old:${other}` }, cwd }),
      await run(['restore', 'file'], { env: { ...right.env, MASTER_KEYS: oldKey }, cwd }),
    ];

    expect(first.stderr).toContain(
      'The master key "old" is not the one that sealed 3 provider keys: they do not open.\n',
    );
    expect([first.code, second.code]).toEqual([2, 0]);
  });

  it('checks a file without a database', async () => {
    const { env } = await aDatabaseOfSealedKeys(1);
    const cwd = await ownFolder();
    await run(['backup', '--out', 'file'], { env, cwd });

    const known = await run(['restore', 'file', '--check'], { env: { MASTER_KEYS: oldKey }, cwd });
    const unknown = await run(['restore', 'file', '--check'], { env: { MASTER_KEYS: newKey }, cwd });

    expect(known).toMatchObject({ code: 0, stderr: '' });
    expect(known.stdout).toMatch(
      /^The backup is whole\.\n(.*\n)*Master keys that it needs: "old" \(1 provider key\)\.\n$/,
    );
    expect(unknown).toMatchObject({
      code: 2,
      stderr: 'The master key "old" is missing. What does not open without it: 1 provider key.\n',
    });
  });

  it('reads a file to its end before it touches the database', async () => {
    const cwd = await ownFolder();
    await run(['backup', '--out', 'file'], { env: { DATABASE_URL: (await aDatabase()).url }, cwd });
    const whole = await readFile(join(cwd, 'file'));
    await writeFile(join(cwd, 'cut'), whole.subarray(0, -20));
    const { database, env } = await aTarget();

    const outcome = await run(['restore', 'cut'], { env, cwd });

    expect(outcome).toEqual({ code: 1, stdout: '', stderr: 'The backup ends too soon: a part of it is missing.\n' });
    const owner = await connectTo(database.ownerUrl);
    expect((await owner.query('SELECT FROM pg_tables WHERE schemaname = $1', ['public'])).rows).toEqual([]);
  });

  it('says that the rows are there where DATABASE_URL and MIGRATE_DATABASE_URL are two databases', async () => {
    const cwd = await ownFolder();
    await run(['backup', '--out', 'file'], { env: { DATABASE_URL: (await aDatabase()).url }, cwd });
    const [one, other] = [await aTarget(), await aTarget()];

    const { code, stderr } = await run(['restore', 'file'], {
      env: { ...one.env, DATABASE_URL: other.env.DATABASE_URL },
      cwd,
    });

    expect(stderr).toMatch(/All rows are restored, but the service cannot use them\. The database lacks migrations/);
    expect(code).toBe(1);
  });

  it.each([
    ['no file', [], /^Which file\?\n/],
    ['a file that is not there', ['gone'], /^The file cannot be read: no such file or directory\.\n$/],
    ['a folder', ['/'], /^The file cannot be read: illegal operation on a directory\.\n$/],
    ['another file', [main], /^The file is not a backup of Modelgate\.\n$/],
  ])('says in a sentence that it was given %s', async (_name, parameters, sentence) => {
    const { code, stderr } = await run(['restore', ...parameters], { env: (await aTarget()).env });

    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(sentence) });
  });
});

describe('in the embedded mode', () => {
  it('a backup is of the running service, and is restored into another folder', async () => {
    const [cwd, elsewhere] = [await ownFolder(), await ownFolder()];
    const service = runs(['serve'], { env: { DATA_DIR: cwd, PORT: '0' } });
    await addressOf(service);

    const saved = await run(['backup', '--out', 'file'], { env: { DATA_DIR: cwd }, cwd });
    const busy = await run(['restore', 'file'], { env: { DATA_DIR: cwd }, cwd });
    await end(service);
    const restored = await run(['restore', join(cwd, 'file')], { env: { DATA_DIR: elsewhere }, cwd });
    const again = await run(['backup', '--out', 'again'], { env: { DATA_DIR: elsewhere }, cwd });
    const none = await run(['backup'], { env: { DATA_DIR: join(cwd, 'none') }, cwd });

    expect([saved.code, busy.code, restored.code, again.code, none.code]).toEqual([0, 1, 0, 0, 1]);
    expect(busy.stderr).toMatch(/ is in use by another Modelgate /);
    expect(restored.stdout).toContain(
      `Put the files master-keys and issuer-es256.json of the backed up DATA_DIR into ${elsewhere}`,
    );
    expect(none.stderr).toMatch(/^There is no data in .*\n$/);
    const [first, second] = await Promise.all(
      ['file', 'again'].map(async (name) => dataOf(gunzipSync(await readFile(join(cwd, name))).toString())),
    );
    expect(first).toContain('Mara Lindqvist');
    expect(second).toBe(first);
  });
});
