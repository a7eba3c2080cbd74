import { z } from 'zod';
import type { Database } from '../database/client.ts';

/** The id of a user: `usr_…`, or `user_…` as Clerk gives them. */
export const UserId = z.string().regex(/^(usr|user)_[\w-]{1,120}$/, "must be a user's id: usr_… or user_…");

/**
 * For each user, whether it is or was about in one of these organizations: as a member, or in its ledger. One statement
 * for all; the answers are in the order of `userIds`.
 */
export async function findKnownUsers(
  db: Database,
  organizationIds: readonly string[],
  userIds: readonly string[],
): Promise<boolean[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT u."id" FROM unnest(${[...userIds]}::text[]) AS u("id")
    WHERE EXISTS (SELECT 1 FROM "Membership" m
                  WHERE m."userId" = u."id" AND m."organizationId" = ANY(${[...organizationIds]}::text[]))
       OR EXISTS (SELECT 1 FROM "Revision" r
                  WHERE r."actorId" = u."id" AND r."organizationId" = ANY(${[...organizationIds]}::text[]))`;
  const known = new Set(rows.map((row) => row.id));
  return userIds.map((id) => known.has(id));
}
