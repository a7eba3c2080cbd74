import { startContender } from '../contender.ts';
import { fillConfigs } from '../fill.ts';
import { load } from '../measure.ts';
import type { Verdict } from '../verdict.ts';
import { growWorld, type World } from '../world.ts';

const organizations = 10_000;

/** How much memory the service has taken once so many organizations were read: the settings and a page of configurations of each. */
export async function measureMemory(world: World, say: (line: string) => void): Promise<Verdict[]> {
  say(`  filling in the configurations of ${organizations.toLocaleString('en-US')} organizations`);
  const withConfigs = 1_000;
  if (world.size < organizations) await growWorld(world, organizations);
  await fillConfigs(world.owner, { from: withConfigs, to: organizations });

  const running = await startContender('modelgate', world);
  let read = organizations;
  for (const scenario of ['settings', 'configs'] as const) {
    const asked = { contender: 'modelgate', scenario, way: 'warm', organizations, each: true, seconds: 300 } as const;
    read = Math.min(read, (await load(world, running, asked)).requests);
    say(`  after ${scenario}: ${((await running.usage()).rss / 1e6).toFixed(0)} MB`);
  }
  const { rss } = await running.usage();
  await running.stop();
  return [
    {
      title: `RSS after ${organizations.toLocaleString('en-US')} organizations were read`,
      value: `${(rss / 1e6).toFixed(0)} MB${read < organizations ? ` (only ${read} were read in time)` : ''}`,
      needed: '< 250 MB',
      isReached: rss < 250e6 && read >= organizations,
    },
  ];
}
