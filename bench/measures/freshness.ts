import { type Client, createClient, subjectsOf } from '../client.ts';
import { startContender } from '../contender.ts';
import type { Subject } from '../processes/question.ts';
import type { Verdict } from '../verdict.ts';
import type { World } from '../world.ts';

const patienceMs = 5_000;

/** How soon after a change was acknowledged by one process another one answers with it; the first one must at once. */
export async function measureFreshness(world: World, changes: number): Promise<Verdict[]> {
  const [first, second] = [await startContender('modelgate', world), await startContender('modelgate', world)];
  const [writer, reader] = [await createClient(world, first.url), await createClient(world, second.url)];
  const draw = subjectsOf(world, 'update', 31);
  const delays: number[] = [];
  let atOnce = 0;
  for (let change = 0; change < changes; change += 1) {
    const subject = draw();
    // So that there is something old to answer with.
    await Promise.all([writer, reader].map((client) => client.ask('settings', subject)));
    await writer.ask('update', subject);
    const [own, delay] = await Promise.all([writer.ask('settings', subject), delayOf(reader, subject)]);
    delays.push(delay);
    if (own.includes(subject.word)) atOnce += 1;
  }
  for (const client of [writer, reader]) client.close();
  await Promise.all([first.stop(), second.stop()]);

  delays.sort((a, b) => a - b);
  const [p50 = Number.NaN, p99 = Number.NaN] = [0.5, 0.99].map((share) => delays[Math.ceil(changes * share) - 1]);
  return [
    {
      title: `the process that made a change answers with it at once, of ${changes}`,
      value: String(atOnce),
      needed: `= ${changes}`,
      isReached: atOnce === changes,
    },
    {
      title: 'another process answers with it after, p99',
      value: `${p99.toFixed(1)} ms (p50 ${p50.toFixed(1)} ms)`,
      needed: '< 100 ms',
      isReached: p99 < 100,
    },
  ];
}

/** How long, from now, until a process answers with a change. */
async function delayOf(client: Client, subject: Subject): Promise<number> {
  const begun = performance.now();
  while (!(await client.ask('settings', subject)).includes(subject.word)) {
    if (performance.now() - begun > patienceMs) throw new Error(`A change is not seen after ${patienceMs} ms`);
  }
  return performance.now() - begun;
}
