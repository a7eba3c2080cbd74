import type { Database } from '../../database/pool/client.ts';
import type { Refusal } from './refusal.ts';
import { keptSince } from './refusal-period.ts';

/** How often something was refused in an hour. */
export interface RefusalCount extends Refusal {
  hour: Date;
  count: number;
  lastAt: Date;
}

/** How many expired rows one write deletes at most, so that it takes no longer for them. */
const expiredAtOnce = 1_000;

/**
 * Adds counts to those of their hours, in one statement, also those of other processes. Rows are locked in the order of their keys,
 * so that concurrent writes cannot deadlock. Expired rows of the same organizations are deleted, unless somebody else does so.
 */
export async function addRefusals(db: Database, rows: readonly RefusalCount[]): Promise<void> {
  const organizationIds = [...new Set(rows.map(({ organizationId }) => organizationId))];
  const newest = new Date(Math.max(...rows.map(({ lastAt }) => lastAt.getTime())));
  await db.query`
    WITH "expired" AS (
      DELETE FROM public."ModelRefusal" WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM public."ModelRefusal"
        WHERE "organizationId" = ANY(${organizationIds}::text[]) AND "hour" < ${keptSince(newest)}
        LIMIT ${expiredAtOnce} FOR UPDATE SKIP LOCKED)))
    INSERT INTO public."ModelRefusal" AS r ("organizationId", "hour", "subjectId", "modelKey", "reason", "count", "lastAt")
    SELECT n.* FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS n(
      "organizationId" text, "hour" timestamptz, "subjectId" text, "modelKey" text, "reason" text, "count" bigint,
      "lastAt" timestamptz)
    ORDER BY n."organizationId" COLLATE "C", n."hour", n."subjectId" COLLATE "C", n."modelKey" COLLATE "C",
      n."reason" COLLATE "C"
    ON CONFLICT ("organizationId", "hour", "subjectId", "modelKey", "reason") DO UPDATE SET
      "count" = r."count" + excluded."count", "lastAt" = greatest(r."lastAt", excluded."lastAt")`;
}
