import { createClient, subjectsOf } from '../client.ts';
import { type Running, startContender } from '../contender.ts';
import { load, type Measurement, measure, warmUp } from '../measure.ts';
import { organizationId, organizationsPerUser } from '../processes/population.ts';
import { judgeRatio, type Verdict } from '../verdict.ts';
import { growWorld, type World } from '../world.ts';

const large = 100_000;
const small = 1_000;
const everywhere = 'usr_everywhere';

/** With a hundred times as many organizations there are as many owners of a thousand each: as many ask beforehand. */
const crowd = Array.from({ length: large / organizationsPerUser }, (_, index) => `usr_crowd_${index}`);

/** How long each organization may be read once before it is measured, in s; then how long, and how long each time that it is measured. */
const times = { each: 80, warmUp: 4, seconds: 3 };

const ways = ['with caches', 'without caches', 'by the owner of all'] as const;

/**
 * What a reading costs with a hundred times as many organizations: to a hundred users, each of them the owner of a thousand,
 * and to the owner of all.
 */
export async function measureGrowth(world: World, say: (line: string) => void): Promise<Verdict[]> {
  await world.owner.query('INSERT INTO "User" ("id") SELECT unnest($1::text[])', [[everywhere, ...crowd]]);
  await makeOwnersOfAll(world, crowd);
  const texts = await Promise.all(crowd.map((user) => world.mint(user)));
  const before = await readInAllWays({ ...world, tokens: { of: 'all', texts } }, say);
  say(`  filling in ${large.toLocaleString('en-US')} organizations`);
  await growWorld(world, large);
  const after = await readInAllWays(world, say);

  const title = `\`settings\` of ${large.toLocaleString('en-US')} organizations beside ${small.toLocaleString('en-US')}, CPU`;
  const ratio = (way: (typeof ways)[number]) => (after[way]?.cpu ?? Number.NaN) / (before[way]?.cpu ?? Number.NaN);
  const all = ratio('by the owner of all');
  return [
    judgeRatio(`${title}, with caches`, ratio('with caches'), { most: 1.3 }),
    judgeRatio(`${title}, without caches`, ratio('without caches'), { most: 1.3 }),
    {
      title: `${title}, asked about ${small.toLocaleString('en-US')} of them by the owner of all`,
      value: Number.isNaN(all) ? 'not answered' : `${all.toFixed(2)} ×`,
    },
  ];
}

type Found = Record<(typeof ways)[number], Measurement | undefined>;

async function readInAllWays(world: World, say: (line: string) => void): Promise<Found> {
  const kept = await read(world, { each: true, way: 'with caches' }, say);
  const forgotten = await read(world, { env: { CACHE_BYTES: '0' }, way: 'without caches' }, say);
  await makeOwnersOfAll(world, [everywhere]);
  const ofAll: World = { ...world, tokens: { of: 'all', texts: [await world.mint(everywhere)] } };
  // Nobody said that the service must answer a user of so many organizations.
  const byOne = await read(ofAll, { each: true, way: 'by the owner of all', organizations: small }, say).catch(
    (error: unknown) => {
      say(`  ${world.size} organizations: ${error instanceof Error ? error.message : error}`);
      return undefined;
    },
  );
  return { 'with caches': kept, 'without caches': forgotten, 'by the owner of all': byOne };
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

/** The median of several measurements: two processes are compared that run minutes apart. */
async function measureOften(
  world: World,
  running: Running,
  asked: { contender: 'modelgate'; scenario: 'settings'; organizations: number },
): Promise<Measurement> {
  const found: Measurement[] = [];
  while (found.length < 5) found.push(await measure(world, running, { ...asked, seconds: times.seconds }));
  found.sort((left, right) => left.cpu - right.cpu);
  return found[2] as Measurement;
}

interface Reading {
  way: (typeof ways)[number];
  /** Reads about the first so many. */
  organizations?: number;
  /** Whether each of them is read about once beforehand. */
  each?: boolean;
  env?: Record<string, string>;
}

async function read(
  world: World,
  { way, organizations = world.size, each = false, env = {} }: Reading,
  say: (line: string) => void,
): Promise<Measurement> {
  const asked = { contender: 'modelgate', scenario: 'settings', organizations } as const;
  const running = await startContender('modelgate', world, { env });
  try {
    // Signs in once before the crowd comes: each of those who come at a time would read all memberships.
    const client = await createClient(world, running.url);
    await client.ask('settings', subjectsOf(world, 'settings', 51)());
    client.close();
    const walked = each ? (await load(world, running, { ...asked, seconds: times.each, each })).requests : 0;
    await warmUp(world, running, { ...asked, seconds: times.warmUp });
    const found = await measureOften(world, running, asked);
    const before = each ? `, ${Math.round((100 * walked) / organizations)} % of them read before` : '';
    say(`  ${world.size} organizations, ${way}${before}: ${Math.round(found.cpu)} µs of CPU a request`);
    return found;
  } finally {
    await running.stop();
  }
}
