import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { environment, projectFolder } from '../../commands/process.ts';

const { stdout } = spawnSync('python3', ['-c', 'import sys; print(sys.version_info >= (3, 9))'], { encoding: 'utf8' });

/** Whether there is a python3 that is new enough; if not, the tests of integrations in Python are skipped, and say so. */
export const hasPython = stdout?.trim() === 'True';
if (!hasPython) process.stderr.write('There is no python3 (3.9 or newer): integrations in Python are not tested.\n');

/** What came of a hook: what it answered, or what it raised. */
export interface Outcome {
  result?: unknown;
  status?: number;
  detail?: string;
  /** How often another task ran meanwhile. */
  beats: number;
}

/** A process that has loaded the file of an integration, and calls its hooks one after another; for one test. */
export function aPythonHost(integration: string, env: Record<string, string>) {
  const child = spawn('python3', ['-B', join(import.meta.dirname, 'hook-host.py'), join(projectFolder, integration)], {
    env: environment(env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const end = async () => {
    child.stdin.end();
    await closed;
    return { code: child.exitCode, log };
  };
  onTestFinished(async () => void (await end()));
  /** Calls hooks, all at once where there are several. */
  const call = async (...calls: { hook: string; [argument: string]: unknown }[]): Promise<Outcome[]> => {
    child.stdin.write(`${JSON.stringify(calls)}\n`);
    const { value, done } = await Promise.race([lines.next(), closed.then(() => ({ value: '', done: true }))]);
    if (done) throw new Error(`The process has ended, saying: ${log}`);
    return JSON.parse(value);
  };
  return { call, end };
}
