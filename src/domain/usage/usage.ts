import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { groupByOrganization } from '../reading/page.ts';
import { type Period, piecesOf } from './usage-period.ts';
import { days, hours } from './usage-store.ts';

/** Sums of usage. */
export interface UsageSums {
  usageCount: bigint;
  promptTokens: bigint;
  completionTokens: bigint;
  /** US dollars, of the records whose price is known; null where none is. */
  cost: string | null;
  /** Records whose price is not known. */
  unpricedCount: bigint;
}

/** The use of one model in a period. */
export interface ModelUsage extends UsageSums {
  organizationId: string;
  provider: string;
  modelId: string;
  lastUsedAt: Date;
}

/** The arguments of a page: the period, and how many of the most used models. */
export interface ModelUsagePage {
  period: Period;
  first: number;
}

/** Each organization's use of each model in a period, most used first. */
export async function findModelUsage(
  db: Database,
  organizationIds: readonly string[],
  { period, first }: ModelUsagePage,
): Promise<ModelUsage[][]> {
  const found = await db.query<ModelUsage>`
    WITH "used" AS (
      SELECT "organizationId", "provider", "modelId", ${sums}, max("lastUsedAt") AS "lastUsedAt"
      FROM (${rollupsIn(organizationIds, period)}) u
      GROUP BY "organizationId", "provider", "modelId"),
    "ranked" AS (
      SELECT *, row_number() OVER (PARTITION BY "organizationId"
        ORDER BY "usageCount" DESC, "provider" COLLATE "C", "modelId" COLLATE "C") AS "rank"
      FROM "used")
    SELECT "organizationId", "provider", "modelId", "usageCount", "promptTokens", "completionTokens", "cost", "unpricedCount",
           "lastUsedAt"
    FROM "ranked" WHERE "rank" <= ${first} ORDER BY "organizationId", "rank"`;
  return groupByOrganization(found, organizationIds);
}

/** The columns of `UsageSums`, aggregated over rows of `rollupsIn`. */
export const sums = Prisma.sql`
  sum("usageCount")::bigint AS "usageCount", sum("promptTokens")::bigint AS "promptTokens",
  sum("completionTokens")::bigint AS "completionTokens", trim_scale(sum("cost"))::text AS "cost",
  sum("unpricedCount")::bigint AS "unpricedCount"`;

/** The rollup rows of these organizations that make up a period, of whole days where possible; `at` is a row's beginning. */
export function rollupsIn(
  organizationIds: readonly string[],
  period: Period,
  { pieces = piecesOf(period) } = {},
): Prisma.Sql {
  const parts = [
    ...(pieces.days ? [rowsOf(days, organizationIds, pieces.days)] : []),
    ...pieces.hours.map((piece) => rowsOf(hours, organizationIds, piece)),
  ];
  return Prisma.join(parts, ' UNION ALL ');
}

function rowsOf({ table, at }: typeof hours, organizationIds: readonly string[], { from, to }: Period): Prisma.Sql {
  return Prisma.sql`
    SELECT "organizationId", ${at} AS "at", "provider", "modelId", "usageCount", "promptTokens", "completionTokens",
           "cost", "unpricedCount", "lastUsedAt"
    FROM ${table} WHERE "organizationId" = ANY(${[...organizationIds]}::text[])
      ${from ? Prisma.sql`AND ${at} >= ${from.toISOString()}::timestamptz` : Prisma.empty}
      ${to ? Prisma.sql`AND ${at} < ${to.toISOString()}::timestamptz` : Prisma.empty}`;
}
