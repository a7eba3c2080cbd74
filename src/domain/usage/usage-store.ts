import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import type { UsageTarget } from './usage-target.ts';

/** A row of `UsageRecord`. */
export interface UsageRow extends UsageTarget {
  id: string;
  modelConfigId: string | null;
  promptTokens: number;
  completionTokens: number;
  /** US dollars; null where not known. */
  cost: string | null;
  at: Date;
}

/** The ids that the organization has a record of already. */
export async function findRecorded(db: Database, organizationId: string, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const found = await db.query<{ id: string }>`
    SELECT "id" FROM public."UsageRecord" WHERE "organizationId" = ${organizationId} AND "id" = ANY(${ids}::text[])`;
  return new Set(found.map(({ id }) => id));
}

/** The rollup tables, with the column and the unit of their time. */
export const hours = { table: Prisma.sql`public."UsageHour"`, at: Prisma.sql`"hour"`, unit: Prisma.sql`'hour'` };
export const days = { table: Prisma.sql`public."UsageDay"`, at: Prisma.sql`"day"`, unit: Prisma.sql`'day'` };

/**
 * Inserts new records and adds them to the rollups of their hours and days, in one statement, so that the three agree; answers
 * how many were new. Idempotent by record id. It locks records by id, then hours, then days, each in the order of their keys,
 * so that concurrent batches cannot deadlock; the days depend on a count of the hours, which makes them wait for these.
 *
 * The ids of the records must differ.
 */
export async function insertUsage(db: Database, organizationId: string, records: readonly UsageRow[]): Promise<number> {
  if (records.length === 0) return 0;

  const [answer] = await db.query<{ recorded: number }>`
    WITH "recorded" AS (
      INSERT INTO public."UsageRecord" ("organizationId", "id", "provider", "modelId", "modelConfigId", "promptTokens",
                                 "completionTokens", "cost", "at")
      SELECT ${organizationId}, r.* FROM jsonb_to_recordset(${JSON.stringify(records)}::jsonb) AS r(
        "id" text, "provider" text, "modelId" text, "modelConfigId" text, "promptTokens" bigint,
        "completionTokens" bigint, "cost" numeric, "at" timestamptz)
      ORDER BY r."id" COLLATE "C"
      ON CONFLICT ("organizationId", "id") DO NOTHING
      RETURNING *
    ), "hours" AS (${addRecorded(hours, Prisma.sql`true`)}
    ), "days" AS (${addRecorded(days, Prisma.sql`(SELECT count(*) FROM "hours") > 0`)}
    )
    SELECT count(*)::int AS "recorded" FROM "recorded"`;
  return answer?.recorded ?? 0;
}

function addRecorded({ table, at, unit }: typeof hours, condition: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO ${table} AS u ("organizationId", ${at}, "provider", "modelId", "usageCount", "promptTokens",
                               "completionTokens", "cost", "unpricedCount", "lastUsedAt")
    SELECT "organizationId", date_trunc(${unit}, "at", 'UTC') AS "start", "provider", "modelId", count(*),
           sum("promptTokens"), sum("completionTokens"), sum("cost"), count(*) - count("cost"), max("at")
    FROM "recorded" WHERE ${condition}
    GROUP BY "organizationId", "start", "provider", "modelId"
    ORDER BY "start", "provider" COLLATE "C", "modelId" COLLATE "C"
    ON CONFLICT ("organizationId", ${at}, "provider", "modelId") DO UPDATE SET
      "usageCount" = u."usageCount" + excluded."usageCount",
      "promptTokens" = u."promptTokens" + excluded."promptTokens",
      "completionTokens" = u."completionTokens" + excluded."completionTokens",
      "cost" = coalesce(u."cost" + excluded."cost", u."cost", excluded."cost"),
      "unpricedCount" = u."unpricedCount" + excluded."unpricedCount",
      "lastUsedAt" = greatest(u."lastUsedAt", excluded."lastUsedAt")
    RETURNING 1`;
}
