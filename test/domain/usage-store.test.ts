import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { startService } from '../kit/service.ts';
import { aReport, record } from '../kit/usage.ts';

const service = await startService();
const { aWorld, db } = service;
const instances = [service, service.anotherInstance()];

const models = ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-6', 'openai/unheard-of', 'text-embedding-3-small'];

/** A report out of few ids, so that batches overlap; under one id it may say different things. */
function aRandomReport(ids: number) {
  const at = Date.UTC(2026, 10, 1) + randomInt(0, 4 * 24 * 3_600_000);
  return aReport({
    id: `r${randomInt(0, ids)}`,
    modelKey: models[randomInt(0, models.length)] ?? '',
    promptTokens: randomInt(0, 2 ** 31),
    completionTokens: randomInt(0, 3) === 0 ? 0 : randomInt(0, 2 ** 31),
    usedAt: new Date(at).toISOString(),
  });
}

async function sumsOf(organizationId: string, unit: 'hour' | 'day') {
  const kept = unit === 'hour' ? db.usageHour : db.usageDay;
  const rows = await (kept as typeof db.usageHour).findMany({ where: { organizationId } });
  const counted = await db.$queryRaw<Record<string, unknown>[]>`
    SELECT date_trunc(${unit}, "at", 'UTC') AS "start", "provider", "modelId", count(*) AS "usageCount",
           sum("promptTokens")::bigint AS "promptTokens", sum("completionTokens")::bigint AS "completionTokens",
           sum("cost") AS "cost", count(*) FILTER (WHERE "cost" IS NULL) AS "unpricedCount", max("at") AS "lastUsedAt"
    FROM "UsageRecord" WHERE "organizationId" = ${organizationId} GROUP BY 1, 2, 3`;
  const inOrder = (sums: Record<string, unknown>[]) =>
    sums
      .map(({ organizationId: _, [unit]: start, ...row }) => ({ start, ...row }))
      .map((row) =>
        JSON.stringify(Object.entries(row).sort(), (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
      )
      .sort();
  return {
    kept: inOrder(rows),
    counted: inOrder(counted.map(({ start, ...row }) => ({ [unit]: start, ...row }))),
  };
}

it('the sums of hours and days are those of the records, after concurrent batches that overlap', async () => {
  const { organization, admin } = await aWorld();
  const ids = 1500;
  const batches = Array.from({ length: 40 }, () => Array.from({ length: randomInt(1, 200) }, () => aRandomReport(ids)));

  const outcomes = await Promise.all(
    batches.map((batch, index) => record(instances[index % 2] ?? service, organization, admin, batch)),
  );

  const recorded = outcomes.map((outcome) => (outcome && 'recorded' in outcome ? outcome.recorded : Number.NaN));
  const distinct = new Set(batches.flat().map(({ id }) => id)).size;
  expect(recorded.reduce((sum, count) => sum + count, 0)).toBe(distinct);
  expect(await db.usageRecord.count({ where: { organizationId: organization.id } })).toBe(distinct);
  for (const unit of ['hour', 'day'] as const) {
    const { kept, counted } = await sumsOf(organization.id, unit);
    expect(kept.length).toBeGreaterThan(models.length);
    expect(kept).toEqual(counted);
  }
});

it('one batch that twenty callers send at once counts once; that they send it in opposite orders is no deadlock', async () => {
  const { organization, admin } = await aWorld();
  const batch = Array.from({ length: 1000 }, () => aReport());
  const batches = [batch, batch.toReversed()];

  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      record(instances[index % 2] ?? service, organization, admin, batches[index % 2] ?? []),
    ),
  );

  const recorded = outcomes.map((outcome) => (outcome && 'recorded' in outcome ? outcome.recorded : outcome));
  expect(recorded.toSorted()).toEqual([...Array.from({ length: 19 }, () => 0), 1000]);
  expect(await db.usageHour.findMany({ where: { organizationId: organization.id } })).toMatchObject([
    { usageCount: 1000n },
  ]);
});
