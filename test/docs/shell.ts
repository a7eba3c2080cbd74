import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { environment } from '../commands/process.ts';
import type { Step } from './page.ts';

export interface ShellOptions {
  cwd: string;
  env: Record<string, string>;
  /** What is defined before the first block: functions that stand for programs. */
  prelude?: string;
  /** Texts of the page that are others here, such as its ports. */
  replacements?: ReadonlyMap<string, string>;
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
  onTestFinished(async () => {
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

  const replaced = (text: string) => [...replacements].reduce((all, [from, to]) => all.replaceAll(from, to), text);
  /** As it was written on the page. */
  const restored = (text: string) => [...replacements].reduce((all, [from, to]) => all.replaceAll(to, from), text);

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
    await run(`{\n${text}} </dev/null >/dev/null 2>&1 &`);
    // It says where it listens, in the block itself.
    for (const [, port] of text.matchAll(/(?:localhost:|--port |PORT=)(\d{4,5})\b/g)) await listens(Number(port));
    return '';
  };
}

async function listens(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, 'localhost');
    const isOpen = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
    ]);
    socket.destroy();
    if (isOpen) return;
    await sleep(50);
  }
}
