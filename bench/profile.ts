import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { compiled } from './child.ts';
import { forgetful, startContender } from './contender.ts';
import { measure, warmUp } from './measure.ts';
import type { Scenario, Way } from './processes/question.ts';
import { scenarios } from './scenario.ts';
import { format } from './table.ts';
import type { World } from './world.ts';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

const shown = 30;
const root = join(import.meta.dirname, '..');

/** Where the service's CPU goes in a scenario: the functions that take most of it themselves, and the file for DevTools. */
export async function profile(world: World, scenario: Scenario, way: Way, seconds: number): Promise<string> {
  const folder = compiled('profile');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const running = await startContender('modelgate', world, {
    profile: folder,
    env: way === 'warm' ? {} : forgetful,
  });
  const asked = { contender: 'modelgate', scenario, way } as const;
  await warmUp(world, running, {
    ...asked,
    seconds: 3,
    each: way === 'warm' && (scenarios[scenario].isWalked ?? false),
  });
  const { cpu } = await measure(world, running, { ...asked, seconds });
  await running.stop();

  const [name = ''] = await readdir(folder);
  const file = join(folder, name);
  const rows = hottest(JSON.parse(await readFile(file, 'utf8')));
  return `${format([['self', 'function', 'where'], ...rows])}\n\n${way} ${scenario}: ${Math.round(cpu)} µs of CPU a request, profiled. For DevTools: ${relative(root, file)}`;
}

function hottest({ nodes, samples, timeDeltas }: Profile): string[][] {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const times = new Map<string, number>();
  let whole = 0;
  for (const [index, id] of samples.entries()) {
    const frame = byId.get(id);
    if (!frame || frame.functionName === '(idle)') continue;
    const { functionName, url, lineNumber } = frame;
    const where = url === '' ? '' : `${url.replace(`file://${root}/`, '')}:${lineNumber + 1}`;
    const key = `${functionName || '(anonymous)'}\n${where}`;
    const time = timeDeltas[index] ?? 0;
    times.set(key, (times.get(key) ?? 0) + time);
    whole += time;
  }
  return [...times]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, shown)
    .map(([key, time]) => [`${((100 * time) / whole).toFixed(1)} %`, ...key.split('\n')]);
}
