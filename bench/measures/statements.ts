import { type Client, createClient, subjectsOf } from '../client.ts';
import { forgetful, startContender } from '../contender.ts';
import type { Way } from '../processes/question.ts';
import { median } from '../table.ts';
import type { Verdict } from '../verdict.ts';
import type { World } from '../world.ts';
import { countStatements } from './statement-counter.ts';

/** So many questions are asked one after another to count the statements of one. */
const questions = 50;

/**
 * How many statements a batch of references costs, beside those of a single one: what is known of the viewer is asked in both.
 * And how many a question costs that is not remembered: where there were none, `cold` and `first` would not be what they say.
 */
export async function measureStatements(world: World): Promise<Verdict[]> {
  const counter = await countStatements(world.databaseUrl);
  const running = await startContender('modelgate', world, { databaseUrl: counter.databaseUrl, env: forgetful });
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
  const lap = async (way: Way) => {
    await askInTurn(client, draw.settings, way, world.size);
    counter.take();
    await askInTurn(client, draw.settings, way, questions);
    return counter.take() / questions;
  };
  const [cold, first] = [await lap('cold'), await lap('first')];
  const empty = await statementsOf(() => client.ask('entities', { ...draw.entities(), configIds: [] }));
  const batch = await statementsOf(() => client.ask('entities', draw.entities()));
  client.close();
  await running.stop();
  counter.close();
  if (cold < 1 || first < 1) throw new Error(`What should be forgotten is not: ${cold} and ${first} statements`);
  return [
    {
      title: 'SQL statements of a batch of 100 references, beside those of an empty one',
      value: `${batch - empty} (${batch} − ${empty})`,
      needed: '≤ 1',
      isReached: batch - empty <= 1,
    },
    {
      title: 'SQL statements of a cold `settings`, and of a first one',
      value: `${cold.toFixed(1)}, and ${first.toFixed(1)}`,
    },
  ];
}

async function askInTurn(client: Client, draw: ReturnType<typeof subjectsOf>, way: Way, count: number): Promise<void> {
  for (let organization = 0; organization < count; organization += 1) {
    await client.ask('settings', draw(organization), way);
  }
}
