import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { environment, exists, ownFolder } from '../commands/process.ts';
import type { Step } from './page.ts';

export interface ShellOptions {
  cwd: string;
  env: Record<string, string>;
  /** What is defined before the first block: functions that stand for programs. */
  prelude?: string;
  /** Texts of the page that are others here, such as its ports. */
  replacements?: ReadonlyMap<string, string>;
}

/** A block that goes on running: its process group, and the ports at which it listens. */
interface Job {
  group: number;
  ports: number[];
}

/** One shell that a reader pastes block after block into; each answers what it printed. It is ended after the test. */
export function openShell({ cwd, env, prelude = '', replacements = new Map() }: ShellOptions) {
  // A process group of its own: what it has left in the background ends with it.
  const child = spawn('/bin/bash', ['--noprofile', '--norc'], {
    cwd,
    env: environment(env),
    stdio: 'pipe',
    detached: true,
  });
  const closed = once(child, 'close');
  const jobs: Job[] = [];
  onTestFinished(async () => {
    await Promise.all(jobs.map(stop));
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await closed;
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  child.stdin.write(`${prelude}\nexec 2>&1\n`);

  const replaced = (text: string) => exchange(text, replacements);
  /** As it was written on the page. */
  const restored = (text: string) => exchange(text, new Map([...replacements].map(([from, to]) => [to, from])));

  const run = async (commands: string): Promise<string> => {
    output = '';
    const end = `end-of-block-${Math.random()}`;
    child.stdin.write(`${commands}\nprintf '\\n%s\\n' '${end}'\n`);
    const isOver = closed.then(() => true);
    while (!output.includes(`\n${end}\n`)) {
      const hasEnded = await Promise.race([isOver, once(child.stdout, 'data').then(() => false)]);
      if (hasEnded && !output.includes(end)) throw new Error(`The shell has ended: ${output}`);
    }
    return output.slice(0, output.indexOf(`\n${end}\n`));
  };

  return async ({ commands, info }: Step): Promise<string> => {
    const text = replaced(commands);
    if (info !== 'background') return restored(await run(text));
    // It says where it listens, in the block itself.
    const ports = [...text.matchAll(/(?:# http:\/\/localhost:|--port |\bPORT=)(\d{4,5})\b/g)].map(([, port]) =>
      Number(port),
    );
    // Where a page says "start it again", whatever listens at its ports is stopped first.
    await Promise.all(jobs.filter((job) => ports.some((port) => job.ports.includes(port))).map(stop));
    const output = join(await ownFolder(), 'output');
    const job = `set -m\n{\n${text}} </dev/null >${output} 2>&1 &\nset +m\necho $!\ndisown`;
    const group = Number(await run(job));
    jobs.push({ group, ports });
    for (const port of ports) {
      if (!(await answers(port, group))) throw new Error(`It has ended, saying: ${await readFile(output, 'utf8')}`);
    }
    return '';
  };
}

/** The source of a regular expression that matches this text. */
export function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Each text of `texts` for another, in one pass: none is looked for in what stands for another. */
function exchange(text: string, texts: ReadonlyMap<string, string>): string {
  if (texts.size === 0) return text;
  const pattern = [...texts.keys()].map(literal).join('|');
  return text.replaceAll(new RegExp(pattern, 'g'), (found) => texts.get(found) ?? found);
}

async function stop({ group }: Job): Promise<void> {
  if (exists(-group)) process.kill(-group, 'SIGTERM');
  while (exists(-group)) await sleep(20);
}

/** Waits until what was started answers, and no longer that it is starting; false where it has ended. */
async function answers(port: number, group: number): Promise<boolean> {
  const isReady = () =>
    fetch(`http://localhost:${port}/ready`, { headers: { connection: 'close' } }).then(
      async (response) => {
        await response.body?.cancel();
        return response.status !== 503;
      },
      () => false,
    );
  while (!(await isReady())) {
    if (!exists(-group)) return false;
    await sleep(50);
  }
  return true;
}
