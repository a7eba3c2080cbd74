import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { groupByOrganization, type Page } from '../reading/page.ts';
import type { Refusal } from './refusal.ts';
import type { RefusalPeriod } from './refusal-period.ts';

/** How often a model was refused to a subject, for one reason, in a period. */
export interface ModelRefusal extends Refusal {
  count: bigint;
  lastAt: Date;
  /** A hash of the subject, the model and the reason, of fixed length: part of the sort key. */
  hash: string;
}

/** The sort key: the most frequent first, of those the latest. */
export type RefusalKey = [count: string, lastAt: string, hash: string];

/** A page of the refusals of each organization. */
export async function findRefusals(
  db: Database,
  organizationIds: readonly string[],
  { after, before, limit, inverted, ...period }: Page<RefusalKey> & RefusalPeriod,
): Promise<ModelRefusal[][]> {
  const order = inverted ? Prisma.sql`"count", "lastAt", "hash"` : Prisma.sql`"count" DESC, "lastAt" DESC, "hash" DESC`;
  const found = await db.query<ModelRefusal>`
    WITH "summed" AS (
      SELECT "organizationId", "subjectId", "modelKey", "reason", sum("count")::bigint AS "count", max("lastAt") AS "lastAt",
        encode(sha256(convert_to(concat_ws(E'\n', "subjectId", "modelKey", "reason"), 'UTF8')), 'hex') COLLATE "C" AS "hash"
      FROM ${rowsOf(organizationIds, period)} GROUP BY "organizationId", "subjectId", "modelKey", "reason"),
    "ranked" AS (
      SELECT *, row_number() OVER (PARTITION BY "organizationId" ORDER BY ${order}) AS "rank" FROM "summed"
      WHERE true
        ${after === undefined ? Prisma.empty : Prisma.sql`AND ("count", "lastAt", "hash") < ${place(after)}`}
        ${before === undefined ? Prisma.empty : Prisma.sql`AND ("count", "lastAt", "hash") > ${place(before)}`})
    SELECT "organizationId", "subjectId", "modelKey", "reason", "count", "lastAt", "hash" FROM "ranked"
    WHERE "rank" <= ${limit} ORDER BY "organizationId", "rank"`;
  return groupByOrganization(found, organizationIds);
}

/** How many entries the whole list of each organization has. */
export async function countRefusals(
  db: Database,
  organizationIds: readonly string[],
  period: RefusalPeriod,
): Promise<{ count: number }[][]> {
  const found = await db.query<{ organizationId: string; count: number }>`
    SELECT "organizationId", count(*)::int AS "count" FROM (
      SELECT DISTINCT "organizationId", "subjectId", "modelKey", "reason" FROM ${rowsOf(organizationIds, period)}) d
    GROUP BY "organizationId"`;
  return groupByOrganization(found, organizationIds);
}

function rowsOf(organizationIds: readonly string[], { from, to }: RefusalPeriod): Prisma.Sql {
  return Prisma.sql`public."ModelRefusal"
    WHERE "organizationId" = ANY(${[...organizationIds]}::text[]) AND "hour" >= ${from.toISOString()}::timestamptz
      AND "hour" < ${to.toISOString()}::timestamptz`;
}

function place([count, lastAt, hash]: RefusalKey): Prisma.Sql {
  return Prisma.sql`(${count}::bigint, ${lastAt}::timestamptz(3), ${hash})`;
}
