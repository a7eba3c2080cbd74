import { createClient, subjectsOf } from '../client.ts';
import { startContender } from '../contender.ts';
import { median } from '../table.ts';
import type { Verdict } from '../verdict.ts';
import type { World } from '../world.ts';

/** How long it takes from nothing to the first right answer, on a database that is there. */
export async function measureStart(world: World, times: number): Promise<Verdict[]> {
  const walls: number[] = [];
  const cpus: number[] = [];
  const draw = subjectsOf(world, 'settings', 21);
  for (let time = 0; time < times; time += 1) {
    const begun = performance.now();
    const running = await startContender('modelgate', world);
    const client = await createClient(world, running.url);
    await client.ask('settings', draw());
    walls.push(performance.now() - begun);
    cpus.push((await running.usage()).cpu / 1000);
    client.close();
    await running.stop();
  }
  return [
    {
      title: 'start to the first answer',
      value: `${median(walls).toFixed(0)} ms (CPU ${median(cpus).toFixed(0)} ms)`,
      needed: '< 800 ms',
      isReached: median(walls) < 800,
    },
  ];
}
