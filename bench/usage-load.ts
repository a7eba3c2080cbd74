import { readCatalog } from '../src/catalog/read-catalog.ts';
import type { PrismaDatabase } from '../src/database/pool/client.ts';
import { recordUsage } from '../src/domain/usage/usage-record.ts';
import { limitsOf } from '../src/limits.ts';

const day = 24 * 3_600_000;

/** The year that is measured. */
export const year = { from: new Date('2025-01-01T00:00:00Z'), to: new Date('2026-01-01T00:00:00Z') };
const daysOfYear = (year.to.getTime() - year.from.getTime()) / day;

const catalog = readCatalog();
const models = catalog.models.filter(
  ({ inputCostPer1kTokens: input, outputCostPer1kTokens: output }) => input && output,
);

/** As many models as an organization may use. */
export const modelsInUse = models.slice(0, 20);

/** An organization to record usage for. */
export async function anOrganization(db: PrismaDatabase, id: string): Promise<string> {
  await db.organization.create({ data: { id } });
  return id;
}

/**
 * Records batches of 1,000, four at a time, until the time is up: through the function behind `recordModelUsage`, with
 * validation, prices and sums. A batch is of one day of the year, at any of its hours; the next is of the next day.
 */
export async function loadFor(db: PrismaDatabase, organizationId: string, seconds: number): Promise<number> {
  const actor = { userId: null, apiKeyId: 'api_bench' };
  const reporter = { catalog, organizationId, actor, now: new Date(), limits: limitsOf() };
  const end = performance.now() + seconds * 1000;
  let batches = 0;
  const work = async () => {
    while (performance.now() < end) {
      const batch = batches;
      batches += 1;
      await recordUsage(db, reporter, { records: aBatch(batch) });
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return batches * 1000;
}

function aBatch(number: number) {
  const start = year.from.getTime() + (number % daysOfYear) * day;
  return Array.from({ length: 1000 }, (_, index) => ({
    id: `batch-${number}-${index}`,
    modelKey: `${modelsInUse[index % 20]?.provider}/${modelsInUse[index % 20]?.modelId}`,
    promptTokens: 200 + ((number * 7 + index * 13) % 4000),
    completionTokens: 50 + ((number * 3 + index * 11) % 1000),
    usedAt: new Date(start + Math.floor(Math.random() * day)),
  }));
}

/** Writes the sums that this many records in every hour of the year, at every model, would leave; not the records. */
export async function fillSums(db: PrismaDatabase, organizationId: string, records: number): Promise<void> {
  const perHour = Math.ceil(records / (daysOfYear * 24 * modelsInUse.length));
  const [providers, ids] = [modelsInUse.map(({ provider }) => provider), modelsInUse.map(({ modelId }) => modelId)];
  await db.$executeRaw`
    INSERT INTO "UsageHour"
    SELECT ${organizationId}, h, m."provider", m."modelId", ${perHour}, ${perHour} * 2000, ${perHour} * 500,
           ${perHour} * 0.0123456, 0, h + interval '59 minutes'
    FROM generate_series(${year.from.toISOString()}::timestamptz, ${year.to.toISOString()}::timestamptz - interval '1 hour',
                         interval '1 hour') AS h,
         unnest(${providers}::text[], ${ids}::text[]) AS m("provider", "modelId")`;
  await db.$executeRaw`
    INSERT INTO "UsageDay"
    SELECT "organizationId", date_trunc('day', "hour", 'UTC'), "provider", "modelId", sum("usageCount"),
           sum("promptTokens"), sum("completionTokens"), sum("cost"), sum("unpricedCount"), max("lastUsedAt")
    FROM "UsageHour" WHERE "organizationId" = ${organizationId} GROUP BY 1, 2, 3, 4`;
}
