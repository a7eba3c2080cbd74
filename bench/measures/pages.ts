import { createClient, subjectsOf } from '../client.ts';
import { startContender } from '../contender.ts';
import { fillConfigs } from '../fill.ts';
import { measure, warmUp } from '../measure.ts';
import { configsPerOrganization } from '../processes/population.ts';
import type { Subject } from '../processes/question.ts';
import { judgeRatio, type Verdict } from '../verdict.ts';
import type { World } from '../world.ts';

const organization = 500;
const pageSize = 50;
const lastPage = 1_000;

/** What page 1,000 of one organization's configurations costs beside its first, with answers kept and without. */
export async function measurePages(world: World, say: (line: string) => void): Promise<Verdict[]> {
  await fillConfigs(world.owner, {
    from: organization,
    to: organization + 1,
    each: lastPage * pageSize,
    after: configsPerOrganization,
  });
  const page = await walk(world, say);
  const verdicts: Verdict[] = [];
  for (const [name, env] of Object.entries({ 'with caches': {}, 'without caches': { CACHE_BYTES: '0' } })) {
    const running = await startContender('modelgate', world, { env });
    const cpuOf = async (always: Partial<Subject>) => {
      const asked = { contender: 'modelgate', scenario: 'configs', way: 'warm', always } as const;
      await warmUp(world, running, { ...asked, seconds: 3 });
      return (await measure(world, running, { ...asked, seconds: 4 })).cpu;
    };
    const first = await cpuOf({ organization });
    const last = await cpuOf({ organization, page });
    await running.stop();
    say(`  ${name}: ${Math.round(first)} µs of CPU for the first page, ${Math.round(last)} µs for page ${lastPage}`);
    verdicts.push(
      judgeRatio(`page ${lastPage} of \`configs\` beside the first, CPU, ${name}`, last / first, { most: 1.3 }),
    );
  }
  return verdicts;
}

/** Goes from page to page, as a client does, to the cursor before the last one. */
async function walk(world: World, say: (line: string) => void): Promise<{ after: string; first: number }> {
  say(
    `  walking to page ${lastPage} of an organization with ${lastPage * pageSize + configsPerOrganization} configurations`,
  );
  const running = await startContender('modelgate', world);
  const client = await createClient(world, running.url);
  const subject = subjectsOf(world, 'configs', 41)(organization);
  const seen = new Set<string>();
  let page: Subject['page'];
  for (let number = 1; number < lastPage; number += 1) {
    const body = await client.ask('configs', page ? { ...subject, page } : subject);
    const { edges, pageInfo } = JSON.parse(body).data.modelConfigs;
    for (const { node } of edges) seen.add(node.id);
    page = { after: pageInfo.endCursor, first: number * pageSize };
  }
  client.close();
  await running.stop();
  if (!page || seen.size !== (lastPage - 1) * pageSize) throw new Error(`The pages hold ${seen.size} configurations`);
  return page;
}
