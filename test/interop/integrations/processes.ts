import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../src/database/embedded/server.ts';
import { type Running, runs } from '../../commands/process.ts';

/** A server of somebody else at a free port, for one test. */
export async function startedAt(
  start: (port: number) => { program?: string; parameters: string[]; env: Record<string, string> },
): Promise<Running & { url: string }> {
  const port = await freePort();
  const { program = process.execPath, parameters, env } = start(port);
  // Some start another process, which ends with their process group.
  const running = runs(parameters, { program, env, detached: true });
  const url = `http://127.0.0.1:${port}`;
  let isOver = false;
  void running.outcome.then(() => {
    isOver = true;
  });
  const answers = () =>
    fetch(url, { headers: { connection: 'close' } }).then(
      async (response) => {
        await response.body?.cancel();
        return true;
      },
      () => false,
    );
  while (!(await answers())) {
    if (isOver) throw new Error(`It has ended, saying: ${running.output.stderr}${running.output.stdout}`);
    await sleep(30);
  }
  return { ...running, url };
}
