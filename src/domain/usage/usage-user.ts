import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { groupByOrganization } from '../reading/page.ts';
import { beginningOfDay } from './usage-period.ts';

/** The use of one model since a day. */
export interface RecentUse {
  organizationId: string;
  provider: string;
  modelId: string;
  uses: bigint;
  /** US dollars, of the uses whose price is known; null where none is. */
  cost: string | null;
  /** Distinct users, of the uses that name one. */
  users: number;
}

/**
 * What each organization has used of each model since the beginning of a day (UTC). It reads the rollups of days alone: a user is
 * counted on the day of its last use.
 */
export async function findRecentUse(
  db: Database,
  organizationIds: readonly string[],
  since: Date,
): Promise<RecentUse[][]> {
  const found = await db.query<RecentUse>`
    SELECT "organizationId", "provider", "modelId", sum("usageCount")::bigint AS "uses", trim_scale(sum("cost"))::text AS "cost",
           sum("lastUsers")::int AS "users"
    FROM public."UsageDay"
    WHERE "organizationId" = ANY(${[...organizationIds]}::text[]) AND "day" >= ${beginningOfDay(since).toISOString()}::timestamptz
    GROUP BY "organizationId", "provider", "modelId"`;
  return groupByOrganization(found, organizationIds);
}

/**
 * Keeps when each user of new records last used each model; rows of `recorded` are new, `given` names their users. A row is
 * returned where the last use is another one now. `formerDay` comes from the row as it was under its lock, so that concurrent
 * batches do not count a user twice.
 */
export const insertUsers = Prisma.sql`
  INSERT INTO public."UsageUser" AS u ("organizationId", "provider", "modelId", "userId", "lastUsedAt")
  SELECT r."organizationId", r."provider", r."modelId", g."userId", max(r."at")
  FROM "recorded" r JOIN "given" g ON g."id" = r."id"
  WHERE g."userId" IS NOT NULL AND (SELECT count(*) FROM "hours") > 0
  GROUP BY r."organizationId", r."provider", r."modelId", g."userId"
  ORDER BY r."provider" COLLATE "C", r."modelId" COLLATE "C", g."userId" COLLATE "C"
  ON CONFLICT ("organizationId", "provider", "modelId", "userId") DO UPDATE SET
    "formerDay" = date_trunc('day', u."lastUsedAt", 'UTC'), "lastUsedAt" = excluded."lastUsedAt"
  WHERE u."lastUsedAt" < excluded."lastUsedAt"
  RETURNING *`;

/** Counts each of these users on the day of its last use, and no longer on the day of the one before. */
export const countsOfUsers = Prisma.sql`
  SELECT "organizationId", "provider", "modelId", d."start", d."users"
  FROM "users" CROSS JOIN LATERAL (
    VALUES (date_trunc('day', "lastUsedAt", 'UTC'), 1), ("formerDay", -1)) d("start", "users")
  WHERE d."start" IS NOT NULL`;
