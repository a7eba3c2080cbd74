import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { ownFolder, projectFolder, run, script } from './process.ts';

const program = join(projectFolder, 'bin/modelgate.cjs');

describe('modelgate', () => {
  it.each([
    ['--help', /^Modelgate decides [\s\S]*\n {2}serve .*\n {2}migrate .*\n {2}bootstrap .*\n {2}token /],
    ['help', /^Modelgate decides /],
    ['help migrate', /^Usage: npm run migrate\n/],
    ['--version', /^\d+\.\d+\.\d+\n$/],
    ['serve --help', /^Usage: npm start\n/],
    ['migrate -h', /^Usage: npm run migrate\n/],
    ['token admin --help', /^Usage: npm run -s token -- <owner\|admin\|member\|outsider>/],
  ])('answers "%s" and does nothing else', async (parameters, text) => {
    const { code, stdout, stderr } = await run(parameters.split(' '));

    expect(stdout).toMatch(text);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it.each([
    ['the disk is full', '> /dev/full', 'The standard output cannot be written (ENOSPC).\n'],
    ['whoever read it has ended', '| true', ''],
  ])('fails without a stack where %s', async (_name, target, sentence) => {
    const command = `set -o pipefail; "${process.execPath}" "${script}" help ${target}`;

    const outcome = await run(['-c', command], { program: '/bin/bash' });

    expect(outcome).toEqual({ code: 1, stdout: '', stderr: sentence });
  });

  it.each([
    ['start', /^There is no command "start"\.\n\nModelgate decides /],
    ['srve', /^There is no command "srve"\. Did you mean serve\?\n\nModelgate decides /],
    ['help rotate-masterkey', /^There is no command "rotate-masterkey"\. Did you mean rotate-master-key\?\n/],
    ['serve --port 1', /^Unknown option '--port'\.\n\nUsage: npm start\n/],
    ['serve now', /^Unexpected argument 'now'\.[^\n]*\n\nUsage: npm start\n/],
    ['token --user', /^Option '--user <value>' argument missing\.\n\nUsage: npm run -s token /],
  ])('does not understand "%s", and says what it would', async (parameters, text) => {
    const { code, stdout, stderr } = await run(parameters.split(' '));

    expect(stderr).toMatch(text);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('tells all faults of the environment, without their values', async () => {
    const { code, stdout, stderr } = await run(['serve'], { env: { PORT: 'hunter2', DATABASE_URL: 'hunter2' } });

    expect(stderr.split('\n')).toEqual([
      'The environment has faults:',
      '  PORT: must be a whole number from 0 to 65535',
      '  DATABASE_URL: must be a URL such as postgresql://user:password@host:5432/database, or socket:/folder?db=database for a Unix socket',
      '  AUTH_ISSUER: is required where DATABASE_URL is set',
      '  MASTER_KEYS: is required where DATABASE_URL is set',
      '',
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('reads .env in the working folder, over which the environment itself counts', async () => {
    const cwd = await ownFolder();
    await writeFile(join(cwd, '.env'), 'PORT=none\nLOG_LEVEL=loud\nMODELGATE_TEST=x\n');

    const { stderr } = await run(['serve'], { cwd, env: { PORT: '-1', LOG_LEVEL: 'info' } });

    expect(stderr).toBe('The environment has faults:\n  PORT: must be a whole number from 0 to 65535\n');
  });

  it('says which variables are probably mistyped, and leaves alone what is not near', async () => {
    const env = { MAX_DEPHT: '3', DATABASE_URI: 'x', PORT_X: '1', POST: '1', LOG_LEVELS: 'x', LOG_LEVEL: 'loud' };
    const { stderr } = await run(['serve'], { env });

    expect(stderr.split('\n')).toEqual([
      'MAX_DEPHT is not read: did you mean MAX_DEPTH?',
      'DATABASE_URI is not read: did you mean DATABASE_URL?',
      'The environment has faults:',
      '  LOG_LEVEL: must be one of fatal, error, warn, info, debug, silent',
      '',
    ]);
  });

  it.each(['4.9.1', '18.20.8', '20.18.3', '21.7.3', '22.11.0', '23.11.1'])(
    'says what Node %s lacks',
    async (version) => {
      const fake = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
      const file = join(await ownFolder(), 'fake.cjs');
      await writeFile(file, fake);

      const { code, stderr } = await run(['--require', file, program, 'serve'], { program: process.execPath });

      expect(stderr).toBe(
        `Modelgate needs Node 20.19, 22.12, 24 or newer; this is Node ${version}. Install one from nodejs.org.\n`,
      );
      expect(code).toBe(1);
    },
  );

  it('has an entry that any version of Node can parse', async () => {
    const code = await readFile(program, 'utf8');

    await expect(transform(code.replace(/^#!.*/, ''), { target: 'es5' })).resolves.toMatchObject({ warnings: [] });
    await expect(transform('const modern = () => import("x");', { target: 'es5' })).rejects.toThrow();
  });

  it('says that it cannot read .env, without a trace', async () => {
    const cwd = await ownFolder();
    await mkdir(join(cwd, '.env'));

    const { code, stderr } = await run(['serve'], { cwd });

    expect(stderr).toBe('The file .env cannot be read: it is a folder.\n');
    expect(code).toBe(1);
  });

  it('says that its working folder is gone, without a trace', async () => {
    const cwd = await ownFolder();
    const call = `cd '${cwd}' && rmdir '${cwd}' && exec '${process.execPath}' '${program}' --version`;

    const { status, stdout, stderr } = spawnSync('sh', ['-c', call], { encoding: 'utf8' });

    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: 'The working folder does not exist any more. Change to another one.\n',
    });
  });
});
