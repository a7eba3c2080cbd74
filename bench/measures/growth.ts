import { startContender } from '../contender.ts';
import { load, type Measurement, measure } from '../measure.ts';
import type { Load } from '../processes/load.ts';
import { organizationId } from '../processes/population.ts';
import { judgeRatio, type Verdict } from '../verdict.ts';
import { growWorld, type World } from '../world.ts';

const large = 100_000;
const everywhere = 'usr_everywhere';

/** How long each organization may be read once before it is measured, in s, and how long it is measured. */
const times = { each: 180, warmUp: 5, seconds: 6 };

/** What a reading costs with a hundred times as many organizations, to owners of a thousand each and to the owner of all. */
export async function measureGrowth(world: World, say: (line: string) => void): Promise<Verdict[]> {
  await world.owner.query('INSERT INTO "User" ("id") VALUES ($1)', [everywhere]);
  const token = await world.mint(everywhere);
  const small = world.size;
  const before = { ofSome: await read(world, say), ofAll: await readAsOwnerOfAll(world, token, say) };
  say(`  filling in ${large.toLocaleString('en-US')} organizations`);
  await growWorld(world, large);
  const after = { ofSome: await read(world, say), ofAll: await readAsOwnerOfAll(world, token, say) };

  const title = `\`settings\` of ${large.toLocaleString('en-US')} organizations beside ${small.toLocaleString('en-US')}, CPU`;
  return [
    judgeRatio(title, after.ofSome.cpu / before.ofSome.cpu, { most: 1.3 }),
    {
      title: `${title}, asked by one user who is the owner of all`,
      value: before.ofAll && after.ofAll ? `${(after.ofAll.cpu / before.ofAll.cpu).toFixed(2)} ×` : 'not answered',
    },
  ];
}

/** Undefined where the service does not answer: nobody said that it must. */
async function readAsOwnerOfAll(
  world: World,
  token: string,
  say: (line: string) => void,
): Promise<Measurement | undefined> {
  await world.owner.query(
    `INSERT INTO "Membership" ("organizationId", "userId", "role")
     SELECT "id", $1, 'OWNER' FROM "Organization" WHERE "id" < $2 ON CONFLICT DO NOTHING`,
    [everywhere, organizationId(world.size)],
  );
  await world.owner.query('ANALYZE "Membership"');
  return read(world, say, { tokens: [token] }).catch((error: unknown) => {
    say(`  ${world.size} organizations: ${error instanceof Error ? error.message : error}`);
    return undefined;
  });
}

async function read(world: World, say: (line: string) => void, more: Partial<Load> = {}): Promise<Measurement> {
  const asked = { contender: 'modelgate', scenario: 'settings', ...more } as const;
  const running = await startContender('modelgate', world);
  try {
    const { requests } = await load(world, running, { ...asked, seconds: times.each, each: true });
    const found = await measure(world, running, { ...asked, seconds: times.seconds, warmUpSeconds: times.warmUp });
    const share = Math.round((100 * requests) / world.size);
    say(`  ${world.size} organizations, ${share} % of them read before: ${Math.round(found.cpu)} µs of CPU a request`);
    return found;
  } finally {
    await running.stop();
  }
}
