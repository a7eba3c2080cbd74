// npm run bench:attack: what a single hostile request costs the service. What is asked, and how, is in README.md.
import { parseArgs } from 'node:util';
import { attacksOn } from './attack/attacks.ts';
import { type Damage, suffer, warmUp } from './attack/measure.ts';
import type { Attack } from './attack/request.ts';
import { startSubject } from './attack/subject.ts';
import { fillHeavily, heavy } from './attack/world.ts';
import { endAll } from './ending.ts';
import { userOf } from './processes/population.ts';
import { format } from './table.ts';
import { createWorld, type World } from './world.ts';

/** What one request may cost: more is marked. */
const most = { cpu: 150, growth: 50, bytes: 10_500_000 };

const { only } = parseArgs({ options: { only: { type: 'string', default: '' } } }).values;
const head = ['request', 'of', 'size', 'status', 'answer kB', 'CPU ms', 'growth MB', ''];

let isInterrupted = false;
const interrupt = () => {
  isInterrupted = true;
  void endAll().finally(() => process.exit(130));
};
process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
try {
  say('Starting PostgreSQL, and filling in 1,000 organizations');
  const world = await createWorld(1_000);
  await fillHeavily(world);
  await attackAll(world);
} catch (error) {
  if (!isInterrupted) throw error;
} finally {
  await endAll();
}

async function attackAll(world: World): Promise<void> {
  const tokens: Record<Attack['as'], string | undefined> = {
    nobody: undefined,
    'the owner of one': world.mint(heavy.user),
    'the owner of many': world.mint(userOf(0)),
  };
  const start = async () => {
    const started = await startSubject(world);
    await warmUp(started, tokens['the owner of one'], 300);
    return started;
  };
  let subject = await start();
  const rows: string[][] = [];
  for (const attack of await attacksOn(subject.port)) {
    if (!attack.name.includes(only)) continue;
    const row = rowOf(attack, await suffer(subject, attack, tokens[attack.as]));
    say(row.join('  '));
    rows.push(row);
    if (!subject.isRunning()) subject = await start();
  }
  say(`\n${format([head, ...rows])}`);
  say(`\n${rows.filter((row) => row.at(-1) !== '').length} of ${rows.length} cost more than one request may`);
}

function rowOf({ name, as, readMs }: Attack, { received, size, cpu, growth, isDead }: Damage): string[] {
  const faults = [
    ...(isDead ? ['ENDED THE PROCESS'] : []),
    ...(cpu > most.cpu ? ['CPU'] : []),
    ...(growth > most.growth ? ['memory'] : []),
    // A stream is as long as it is read.
    ...(received.bytes > most.bytes && readMs === undefined ? ['answer'] : []),
  ];
  const figures = [received.bytes / 1_000, cpu, growth].map((figure) => figure.toFixed(figure < 10 ? 1 : 0));
  return [name, as, String(size ?? ''), String(received.status || ''), ...figures, faults.join(', ')];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
