import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import type { UsageTarget } from './usage-target.ts';
import { countsOfUsers, insertUsers } from './usage-user.ts';

/** A row of `UsageRecord`, and whose use it is. */
export interface UsageRow extends UsageTarget {
  id: string;
  modelConfigId: string | null;
  /** Null where no user is named. */
  userId: string | null;
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
 * Inserts new records and adds them to the rollups of their hours and days, and to the last uses of their users, in one
 * statement, so that they agree; answers how many were new. Idempotent by record id. It locks records by id, then hours, then
 * users, then days, each in the order of their keys, so that concurrent batches cannot deadlock; a count of the rows of one makes
 * the next wait for them. Where no record names a user, the statement does nothing about users.
 *
 * The ids of the records must differ.
 */
export async function insertUsage(db: Database, organizationId: string, records: readonly UsageRow[]): Promise<number> {
  if (records.length === 0) return 0;

  const hasUsers = records.some(({ userId }) => userId !== null);
  const [answer] = await db.query<{ recorded: number }>`
    WITH "given" AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(records)}::jsonb) AS r(
        "id" text, "provider" text, "modelId" text, "modelConfigId" text, "promptTokens" bigint,
        "completionTokens" bigint, "cost" numeric, "at" timestamptz, "userId" text)
    ), "recorded" AS (
      INSERT INTO public."UsageRecord" ("organizationId", "id", "provider", "modelId", "modelConfigId", "promptTokens",
                                 "completionTokens", "cost", "at")
      SELECT ${organizationId}, "id", "provider", "modelId", "modelConfigId", "promptTokens", "completionTokens", "cost", "at"
      FROM "given" ORDER BY "id" COLLATE "C"
      ON CONFLICT ("organizationId", "id") DO NOTHING
      RETURNING *
    ), "hours" AS (${addRecorded(hours, Prisma.sql`true`)}
    ), ${hasUsers ? Prisma.sql`"users" AS (${insertUsers}), ` : Prisma.empty}"days" AS (
      ${hasUsers ? addRecorded(days, afterUsers, countsOfUsers) : addRecorded(days, afterHours)}
    )
    SELECT count(*)::int AS "recorded" FROM "recorded"`;
  return answer?.recorded ?? 0;
}

const afterHours = Prisma.sql`(SELECT count(*) FROM "hours") > 0`;
const afterUsers = Prisma.sql`${afterHours} AND (SELECT count(*) FROM "users") >= 0`;

/** Adds the new records to a rollup; with `counts`, rows of `start` and `users`, also how many users were last there. */
function addRecorded({ table, at, unit }: typeof hours, condition: Prisma.Sql, counts?: Prisma.Sql): Prisma.Sql {
  const where = (sql: Prisma.Sql) => (counts ? sql : Prisma.empty);
  return Prisma.sql`
    INSERT INTO ${table} AS u ("organizationId", ${at}, "provider", "modelId", "usageCount", "promptTokens",
                               "completionTokens", "cost", "unpricedCount", "lastUsedAt"${where(Prisma.sql`, "lastUsers"`)})
    SELECT "organizationId", "start", "provider", "modelId", sum("uses"), sum("promptTokens"), sum("completionTokens"),
           sum("cost"), sum("uses") - count("cost"), max("at")${where(Prisma.sql`, sum("users")`)}
    FROM (
      SELECT "organizationId", date_trunc(${unit}, "at", 'UTC') AS "start", "provider", "modelId", 1 AS "uses",
             "promptTokens", "completionTokens", "cost", "at"${where(Prisma.sql`, 0 AS "users"`)}
      FROM "recorded" ${where(Prisma.sql`
      UNION ALL
      SELECT "organizationId", "start", "provider", "modelId", 0, 0, 0, NULL, "start", "users" FROM (${counts}) c`)}) r
    WHERE ${condition}
    GROUP BY "organizationId", "start", "provider", "modelId"
    ORDER BY "start", "provider" COLLATE "C", "modelId" COLLATE "C"
    ON CONFLICT ("organizationId", ${at}, "provider", "modelId") DO UPDATE SET
      "usageCount" = u."usageCount" + excluded."usageCount",
      "promptTokens" = u."promptTokens" + excluded."promptTokens",
      "completionTokens" = u."completionTokens" + excluded."completionTokens",
      "cost" = coalesce(u."cost" + excluded."cost", u."cost", excluded."cost"),
      "unpricedCount" = u."unpricedCount" + excluded."unpricedCount",
      "lastUsedAt" = greatest(u."lastUsedAt", excluded."lastUsedAt")${where(Prisma.sql`,
      "lastUsers" = u."lastUsers" + excluded."lastUsers"`)}
    RETURNING 1`;
}
