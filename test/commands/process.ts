import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { variableNames } from '../../src/environment/environment.ts';
import { temporaryFolder } from '../kit/temporary-postgres.ts';

/** Where `npm start` is called. */
export const projectFolder = join(import.meta.dirname, '../..');
/** What `npm start` runs, built by the run's set-up. Absolute, since a test may have another working folder. */
export const script = join(projectFolder, 'bin/modelgate.cjs');

export interface Options {
  /** What is run: Node on the program of this folder, if not given. */
  program?: string;
  env?: Record<string, string>;
  cwd?: string;
  /** The user to run it as, and its group. */
  uid?: number | undefined;
  /** In a process group of its own, as a terminal starts it. */
  detached?: boolean;
}

/** What came of a process. */
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  /** What it has written so far. */
  output: { stdout: string; stderr: string };
  /** Resolves as soon as stderr says so; throws if the process ends before. */
  says: (pattern: RegExp) => Promise<RegExpExecArray>;
  outcome: Promise<Outcome>;
}

/** The environment of whoever runs the tests, but for Modelgate's variables: only those that are given. */
export function environment(given: Record<string, string> = {}): Record<string, string | undefined> {
  return { ...process.env, ...Object.fromEntries(variableNames.map((name) => [name, ''])), ...given };
}

/** Starts the real process. It must be ended: by `runs` this is seen to. */
export function launch(
  parameters: string[],
  { program, env, cwd = projectFolder, uid, detached = false }: Options = {},
): Running {
  const child = spawn(program ?? process.execPath, program ? parameters : [script, ...parameters], {
    env: environment(env),
    cwd,
    detached,
    ...(uid !== undefined && { uid, gid: uid }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const closed = once(child, 'close');
  const outcome = closed.then(() => ({ code: child.exitCode, ...output }));
  const says = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(output.stderr);
      if (found) return found;
      const isOver = await Promise.race([once(child.stderr, 'data').then(() => false), closed.then(() => true)]);
      if (isOver && !pattern.test(output.stderr)) throw new Error(`It ended, saying: ${output.stderr}`);
    }
  };
  return { child, output, says, outcome };
}

/** Ends a process that was launched, however far it has come. */
export async function end({ child, outcome }: Running): Promise<Outcome> {
  child.kill('SIGTERM');
  return outcome;
}

/** As `launch`, for one test: what still runs when it is finished is ended, with all of its process group. */
export function runs(parameters: string[], options?: Options): Running {
  const running = launch(parameters, options);
  onTestFinished(async () => {
    const { pid } = running.child;
    if (options?.detached && pid !== undefined && exists(-pid)) process.kill(-pid, 'SIGTERM');
    await end(running);
  });
  return running;
}

/** Runs a command to its end. */
export function run(parameters: string[], options?: Options): Promise<Outcome> {
  return runs(parameters, options).outcome;
}

/** The address that a starting service prints once it is ready. */
export async function addressOf({ says }: Running): Promise<string> {
  const [, url = ''] = await says(/Modelgate is ready: (\S+)\/graphql/);
  return url;
}

/** A folder for one test. */
export async function ownFolder(): Promise<string> {
  const { folder, remove } = await temporaryFolder();
  onTestFinished(remove);
  return folder;
}

/** The process of the PostgreSQL that serves a data folder. */
export async function postmasterOf(dataDirectory: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDirectory, 'postgres/postmaster.pid'), 'utf8'), 10);
}

/** Whether a process is there, or one of a process group (-pid), be it of another user. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Resolves when nothing answers at an address any more. */
export async function isClosed(url: string): Promise<void> {
  const answers = () =>
    fetch(`${url}/health`, { headers: { connection: 'close' } }).then(
      () => true,
      () => false,
    );
  while (await answers()) await sleep(10);
}
