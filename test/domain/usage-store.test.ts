import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { Prisma } from '../../src/database/generated/prisma/client.ts';
import { findRecentUse } from '../../src/domain/usage/usage-user.ts';
import { startService } from '../kit/service.ts';
import { aReport, record } from '../kit/usage.ts';

const service = await startService();
const { aWorld, db } = service;
const instances = [service, service.anotherInstance()];

const models = ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-6', 'openai/unheard-of', 'text-embedding-3-small'];

/** Who is named by the reports of an id, if anybody. */
function userOf(id: string): string | null {
  const number = Number(id.slice(1));
  return number % 3 === 0 ? null : `u${number % 17}`;
}

/** A report out of few ids, so that batches overlap; under one id it may say different things. */
function aRandomReport(ids: number) {
  const at = Date.UTC(2026, 10, 1) + randomInt(0, 4 * 24 * 3_600_000);
  const id = `r${randomInt(0, ids)}`;
  return aReport({
    id,
    userId: userOf(id),
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
      .map(({ organizationId: _, lastUsers: __, [unit]: start, ...row }) => ({ start, ...row }))
      .map((row) =>
        JSON.stringify(Object.entries(row).sort(), (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
      )
      .sort();
  return {
    kept: inOrder(rows),
    counted: inOrder(counted.map(({ start, ...row }) => ({ [unit]: start, ...row }))),
  };
}

/** When each user last used each model, by the records. */
async function lastUsesOf(organizationId: string): Promise<Map<string, Date>> {
  const last = new Map<string, Date>();
  for (const { id, provider, modelId, at } of await db.usageRecord.findMany({ where: { organizationId } })) {
    const key = `${provider}/${modelId} ${userOf(id)}`;
    if (userOf(id) !== null && at > (last.get(key) ?? new Date(0))) last.set(key, at);
  }
  return last;
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

  const last = await lastUsesOf(organization.id);
  const users = await db.usageUser.findMany({ where: { organizationId: organization.id } });
  expect(users.length).toBeGreaterThan(50);
  expect(
    new Map(users.map(({ provider, modelId, userId, lastUsedAt }) => [`${provider}/${modelId} ${userId}`, lastUsedAt])),
  ).toEqual(last);
  for (const since of ['2026-10-01T00:00:00Z', '2026-11-02T13:00:00Z', '2026-11-04T00:00:00Z'].map(
    (at) => new Date(at),
  )) {
    const day = new Date(since.toISOString().slice(0, 10));
    const records = await db.usageRecord.findMany({ where: { organizationId: organization.id, at: { gte: day } } });
    const [recent = []] = await findRecentUse(db, [organization.id], since);
    expect(recent.length).toBeGreaterThanOrEqual(models.length - 1);
    for (const { provider, modelId, uses, cost, users: count } of recent) {
      const own = records.filter((one) => one.provider === provider && one.modelId === modelId);
      const isOwn = ([key, at]: [string, Date]) => key.startsWith(`${provider}/${modelId} `) && at >= day;
      expect(uses).toBe(BigInt(own.length));
      expect(count).toBe([...last].filter(isOwn).length);
      const costs = own.flatMap((one) => one.cost ?? []);
      expect(cost).toBe(costs.length === 0 ? null : Prisma.Decimal.sum(...costs).toFixed());
    }
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
