// How long a year of usage takes to read: usage.ts [--seconds 120]. Needs nothing but this repository.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../src/database/embedded/start.ts';
import { applyMigrations } from '../src/database/migrate/migrations.ts';
import { createDatabase, type PrismaDatabase } from '../src/database/pool/client.ts';
import { findModelUsage } from '../src/domain/usage/usage.ts';
import { findUsageSeries } from '../src/domain/usage/usage-series.ts';
import { temporaryFolder } from '../test/kit/temporary-postgres.ts';
import { anOrganization, fillSums, loadFor, modelsInUse, year } from './usage-load.ts';

const runs = 50;
const tenMillion = 10_000_000;

const { seconds } = parseArgs({ options: { seconds: { type: 'string', default: '120' } } }).values;

const { folder, remove } = await temporaryFolder();
const postgres = await startEmbeddedPostgres({ directory: join(folder, 'cluster'), log: () => {} });
const db = createDatabase(postgres.url);
try {
  await applyMigrations(postgres.ownerUrl, { serviceRole: 'modelgate' });

  const loaded = await anOrganization(db, 'org_loaded');
  say(`Recording for ${seconds} s, in batches of 1,000 through the function behind recordModelUsage ...`);
  const started = performance.now();
  const records = await loadFor(db, loaded, Number(seconds));
  const rate = records / ((performance.now() - started) / 1000);
  say(`${number(records)} records, ${number(rate)} a second: ${await sizes(db, loaded)}.`);

  const filled = await anOrganization(db, 'org_filled');
  await fillSums(db, filled, tenMillion);
  say(
    `The sums of ${number(tenMillion)} records of ${modelsInUse.length} models in every hour: ${await sizes(db, filled)}.`,
  );
  say('Sums have a row for a model in an hour or day, however many records there are.\n');

  say(`${'read'.padEnd(52)}      p50      p95`);
  for (const [name, id] of Object.entries({ loaded, filled })) {
    const ragged = {
      from: new Date(year.from.getTime() + 10 * 3_600_000),
      to: new Date(year.to.getTime() - 9 * 3_600_000),
    };
    const series = { ...year, granularity: 'DAY', provider: null, model: null } as const;
    const of = name === 'loaded' ? `${number(records)} records` : `sums of ${number(tenMillion)}`;
    await measure(`a year by model, ${of}`, runs, () => findModelUsage(db, [id], { period: year, first: 1_000 }));
    await measure(`a year but some hours by model, ${of}`, runs, () =>
      findModelUsage(db, [id], { period: ragged, first: 1_000 }),
    );
    await measure(`a year by day, ${of}`, runs, () => findUsageSeries(db, id, series));
  }
  await measure(`the same without sums, ${number(records)} records read`, 3, () => readRecords(db, loaded));
} finally {
  await db.$disconnect();
  await postgres.stop();
  await remove();
}

async function measure(name: string, times: number, work: () => Promise<unknown>): Promise<void> {
  await work();
  const took: number[] = [];
  for (let run = 0; run < times; run += 1) {
    const start = performance.now();
    await work();
    took.push(performance.now() - start);
  }
  took.sort((a, b) => a - b);
  const [p50, p95] = [0.5, 0.95].map((share) => took[Math.ceil(times * share) - 1] ?? Number.NaN);
  say(`${name.padEnd(52)} ${p50?.toFixed(1).padStart(6)} ms ${p95?.toFixed(1).padStart(5)} ms`);
}

function readRecords(database: PrismaDatabase, organizationId: string): Promise<unknown> {
  return database.$queryRaw`
    SELECT "provider", "modelId", count(*), sum("promptTokens"), sum("completionTokens"), sum("cost"), max("at")
    FROM "UsageRecord" WHERE "organizationId" = ${organizationId} AND "at" >= ${year.from} AND "at" < ${year.to}
    GROUP BY 1, 2`;
}

async function sizes(database: PrismaDatabase, organizationId: string): Promise<string> {
  const where = { organizationId };
  const [hours, days] = await Promise.all([database.usageHour.count({ where }), database.usageDay.count({ where })]);
  return `${number(hours)} rows of hours and ${number(days)} of days`;
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
