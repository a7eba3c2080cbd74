import { createClient, subjectsOf } from '../client.ts';
import { startContender } from '../contender.ts';
import { median } from '../table.ts';
import type { Verdict } from '../verdict.ts';
import type { World } from '../world.ts';
import { countStatements } from './statement-counter.ts';

/** How many statements a batch of references costs, beside those of a single one: what is known of the viewer is asked in both. */
export async function measureBatching(world: World): Promise<Verdict[]> {
  const counter = await countStatements(world.databaseUrl);
  const running = await startContender('modelgate', world, { databaseUrl: counter.databaseUrl });
  const client = await createClient(world, running.url);
  const draw = { entities: subjectsOf(world, 'entities', 11), settings: subjectsOf(world, 'settings', 12) };

  const statementsOf = async (ask: () => Promise<unknown>) => {
    const counts: number[] = [];
    for (let time = 0; time < 7; time += 1) {
      counter.take();
      await ask();
      counts.push(counter.take());
    }
    return median(counts);
  };
  const empty = await statementsOf(() => client.ask('entities', { ...draw.entities(), configIds: [] }));
  const batch = await statementsOf(() => client.ask('entities', draw.entities()));
  client.close();
  await running.stop();
  counter.close();
  return [
    {
      title: 'SQL statements of a batch of 100 references, beside those of an empty one',
      value: `${batch - empty} (${batch} − ${empty})`,
      needed: '≤ 1',
      isReached: batch - empty <= 1,
    },
  ];
}
