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
    SELECT o."id" AS "organizationId", r."subjectId", r."modelKey", r."reason", r."count", r."lastAt", r."hash"
    FROM unnest(${[...organizationIds]}::text[]) AS o("id") CROSS JOIN LATERAL (
      SELECT * FROM (
        SELECT s.*,
          encode(sha256(convert_to(concat_ws(E'\n', "subjectId", "modelKey", "reason"), 'UTF8')), 'hex') COLLATE "C" AS "hash"
        FROM (
          SELECT ${entry}, sum("count")::bigint AS "count", max("lastAt") AS "lastAt" FROM ${rowsIn(period)} GROUP BY 1, 2, 3) s) h
      WHERE true
        ${after === undefined ? Prisma.empty : Prisma.sql`AND ("count", "lastAt", "hash") < ${place(after)}`}
        ${before === undefined ? Prisma.empty : Prisma.sql`AND ("count", "lastAt", "hash") > ${place(before)}`}
      ORDER BY ${order} LIMIT ${limit}) r`;
  return groupByOrganization(found, organizationIds);
}

/** How many entries the whole list of each organization has. */
export async function countRefusals(
  db: Database,
  organizationIds: readonly string[],
  period: RefusalPeriod,
): Promise<{ count: number }[][]> {
  const found = await db.query<{ organizationId: string; count: number }>`
    SELECT o."id" AS "organizationId", d."count"
    FROM unnest(${[...organizationIds]}::text[]) AS o("id") CROSS JOIN LATERAL (
      SELECT count(*)::int AS "count" FROM (SELECT DISTINCT ${entry} FROM ${rowsIn(period)}) e) d`;
  return groupByOrganization(found, organizationIds);
}

/** What an entry is about. Compared byte by byte, which takes half as long as by the rules of a language. */
const entry = Prisma.sql`"subjectId" COLLATE "C" AS "subjectId", "modelKey" COLLATE "C" AS "modelKey", "reason" COLLATE "C" AS "reason"`;

/** The rows of the organization `o`. */
function rowsIn({ from, to }: RefusalPeriod): Prisma.Sql {
  return Prisma.sql`public."ModelRefusal"
    WHERE "organizationId" = o."id" AND "hour" >= ${from.toISOString()}::timestamptz AND "hour" < ${to.toISOString()}::timestamptz`;
}

function place([count, lastAt, hash]: RefusalKey): Prisma.Sql {
  return Prisma.sql`(${count}::bigint, ${lastAt}::timestamptz(3), ${hash})`;
}
