import { createClient, subjectsOf } from '../client.ts';
import { forgetful, startContender } from '../contender.ts';
import { fillUsers } from '../fill.ts';
import { measure, warmUp } from '../measure.ts';
import { organizationId, organizationsPerUser } from '../processes/population.ts';
import { median } from '../table.ts';
import { judgeReadings, type Verdict } from '../verdict.ts';
import { growWorld, type World } from '../world.ts';

const large = 100_000;
const small = 1_000;
const everywhere = 'usr_everywhere';

/** With a hundred times as many organizations there are as many owners of a thousand each: as many ask beforehand. */
const crowd = Array.from({ length: large / organizationsPerUser }, (_, index) => `usr_crowd_${index}`);

/** In s: to warm up, and each time that it is measured. */
const times = { warmUp: 4, seconds: 3 };

/** As often it is measured, with few organizations and with many. */
const readings = 5;

/** What a reading costs with a hundred times as many organizations: to the owners of a thousand each, and to the owner of all. */
export async function measureGrowth(world: World, say: (line: string) => void): Promise<Verdict[]> {
  await fillUsers(world.owner, [everywhere, ...crowd]);
  await makeOwnersOfAll(world, crowd);
  const before = await readInAllWays(world, crowd, say);
  say(`  filling in ${large.toLocaleString('en-US')} organizations`);
  await growWorld(world, large);
  const after = await readInAllWays(world, [], say);

  const title = `CPU of \`settings\` of ${large.toLocaleString('en-US')} organizations, beside ${small.toLocaleString('en-US')}`;
  const ratios = (way: keyof Found) => after[way].map((cpu, index) => cpu / (before[way][index] ?? Number.NaN));
  const ofAll = median(ratios('ofAll'));
  return [
    judgeReadings(`${title}, warm`, ratios('warm'), { most: 1.3 }),
    judgeReadings(`${title}, cold`, ratios('cold'), { most: 1.3 }),
    {
      title: `${title}, warm, asked about ${small.toLocaleString('en-US')} of them by the owner of all`,
      value: Number.isNaN(ofAll) ? 'not answered' : `${ofAll.toFixed(2)} ×`,
    },
  ];
}

/** CPU of a request in µs, as often as it was measured. */
type Found = Record<'warm' | 'cold' | 'ofAll', number[]>;

/** With `crowd` these ask where answers are kept, each of them about all: as many as there are owners in the larger world. */
async function readInAllWays(world: World, crowd: readonly string[], say: (line: string) => void): Promise<Found> {
  const askedBy = (users: readonly string[]): World =>
    users.length === 0 ? world : { ...world, tokens: { ...world.tokens, of: 'all', texts: users.map(world.mint) } };
  const warm = await read(askedBy(crowd), { way: 'warm' }, say);
  const cold = await read(world, { way: 'cold' }, say);
  await makeOwnersOfAll(world, [everywhere]);
  // Nobody said that the service must answer a user of so many organizations.
  const ofAll = await read(askedBy([everywhere]), { way: 'warm', organizations: small }, say).catch(
    (error: unknown) => {
      say(`  ${world.size} organizations: ${error instanceof Error ? error.message : error}`);
      return [];
    },
  );
  return { warm, cold, ofAll };
}

async function makeOwnersOfAll(world: World, users: readonly string[]): Promise<void> {
  await world.owner.query(
    `INSERT INTO "Membership" ("organizationId", "userId", "role")
     SELECT o."id", u."id", 'OWNER' FROM "Organization" o, unnest($1::text[]) AS u("id") WHERE o."id" < $2
     ON CONFLICT DO NOTHING`,
    [users, organizationId(world.size)],
  );
  await world.owner.query('ANALYZE "Membership"');
}

interface Reading {
  way: 'warm' | 'cold';
  /** Reads about the first so many. */
  organizations?: number;
}

async function read(
  world: World,
  { way, organizations = world.size }: Reading,
  say: (line: string) => void,
): Promise<number[]> {
  const asked = { contender: 'modelgate', scenario: 'settings', way, organizations } as const;
  const isWarm = way === 'warm';
  const running = await startContender('modelgate', world, { env: isWarm ? {} : forgetful });
  try {
    // Signs in once before the crowd comes: each of those who come at a time would read all memberships.
    const client = await createClient(world, running.url);
    await client.ask('settings', subjectsOf(world, 'settings', 51)());
    client.close();
    // Reading each once is another way through the service than reading what is cached.
    if (isWarm) await warmUp(world, running, { ...asked, seconds: 0, each: true });
    await warmUp(world, running, { ...asked, seconds: times.warmUp });
    const found: number[] = [];
    while (found.length < readings)
      found.push((await measure(world, running, { ...asked, seconds: times.seconds })).cpu);
    say(`  ${world.size} organizations, ${way}: ${found.map(Math.round).join(', ')} µs of CPU a request`);
    return found;
  } finally {
    await running.stop();
  }
}
