import { type User as DatabaseUser, Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { inOrderOf } from '../reading/page.ts';
import { organizationIdsIn, type ReadScope } from '../reading/read-scope.ts';

export type User = DatabaseUser;

/** The columns of a user "u". */
export const userColumns = Prisma.sql`u."id", u."name", u."nameSetByUser", u."email", u."picture", u."createdAt"`;

/**
 * Visibility of users: the viewer itself, the members of these organizations and of their teams, and the actors in their ledgers. Batched
 * into one statement; in the order of `userIds`, null for every other user. Visibility is decided by the id, not by the
 * user's row: an invisible user takes as long as an id that does not exist.
 */
export async function findKnownUsers(
  db: Database,
  { userId, organizations }: ReadScope,
  userIds: readonly string[],
): Promise<(User | null)[]> {
  const organizationIds = organizationIdsIn(organizations);
  const found = await db.query<User>`
    SELECT ${userColumns}
    FROM unnest(${[...userIds]}::text[]) AS a("id") JOIN public."User" u ON u."id" = a."id"
    WHERE a."id" = ${userId}
       OR EXISTS (SELECT 1 FROM public."Membership" m
                  WHERE m."userId" = a."id" AND m."organizationId" = ANY(${organizationIds}))
       OR EXISTS (SELECT 1 FROM public."TeamMember" t
                  WHERE t."userId" = a."id" AND t."organizationId" = ANY(${organizationIds}))
       OR EXISTS (SELECT 1 FROM public."Revision" r
                  WHERE r."actorId" = a."id" AND r."organizationId" = ANY(${organizationIds}))`;
  return inOrderOf(userIds, found);
}
