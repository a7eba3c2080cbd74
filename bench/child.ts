import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { atEnd } from './ending.ts';

/** The compiled file of a process of the bench. */
export const compiled = (path: string) => join(import.meta.dirname, 'dist', path);

/** Starts Node, with a channel for messages. What is still running at the end of the bench is ended with it. */
export function startNode(parameters: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(process.execPath, parameters, options);
  atEnd(() => stop(child));
  return child;
}

/** Ends a process: as Ctrl-C does, since one that is told to stop by SIGTERM first waits for load balancers. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(impatience);
}

/** The next message of a process, sent in answer to this one. */
export async function exchange<Answer>(child: ChildProcess, message: object): Promise<Answer> {
  const exit = new AbortController();
  const ended = () => exit.abort(new Error(`Process ${child.pid} has ended`));
  child.once('exit', ended);
  try {
    const answer = once(child, 'message', { signal: exit.signal });
    child.send(message);
    return (await answer)[0] as Answer;
  } finally {
    child.off('exit', ended);
  }
}
