import type { Database } from '../database/client.ts';
import { Prisma } from '../database/generated/prisma/client.ts';
import type { Role } from '../database/generated/prisma/enums.ts';
import { rows } from '../database/sql.ts';
import { groupByOrganization, type Page } from './page.ts';

interface Acquaintance {
  hasUser: boolean;
  hasOrganization: boolean;
  memberships: Record<string, Role>;
}

/**
 * The memberships of a user, by organization. A trusted issuer vouches for the user, and for the organization where one
 * is given: what has no row yet gets one.
 */
export async function welcome(
  db: Database,
  userId: string,
  organizationId: string | null,
): Promise<ReadonlyMap<string, Role>> {
  const [found] = await rows<Acquaintance>(
    db,
    Prisma.sql`
      SELECT EXISTS (SELECT 1 FROM "User" WHERE "id" = ${userId}) AS "hasUser",
             EXISTS (SELECT 1 FROM "Organization" WHERE "id" = ${organizationId}) AS "hasOrganization",
             coalesce((SELECT jsonb_object_agg("organizationId", "role" ORDER BY "organizationId")
                       FROM "Membership" WHERE "userId" = ${userId}), '{}') AS "memberships"`,
  );
  const { hasUser, hasOrganization, memberships } = found ?? {
    hasUser: false,
    hasOrganization: false,
    memberships: {},
  };

  if (!hasUser) await db.user.createMany({ data: { id: userId }, skipDuplicates: true });
  if (organizationId !== null && !hasOrganization) {
    await db.organization.createMany({ data: { id: organizationId }, skipDuplicates: true });
  }
  return new Map(Object.entries(memberships));
}

/** A user in an organization. */
export interface Member {
  organizationId: string;
  userId: string;
  role: Role;
}

/** A page of the members of each organization, ordered by user. */
export async function findMembers(
  db: Database,
  organizationIds: readonly string[],
  { after, before, limit, inverted }: Page<string>,
): Promise<Member[][]> {
  const found = await rows<Member>(
    db,
    Prisma.sql`
      SELECT m.* FROM unnest(${[...organizationIds]}::text[]) AS o("id") CROSS JOIN LATERAL (
        SELECT "organizationId", "userId", "role" FROM "Membership"
        WHERE "organizationId" = o."id"
          ${after === undefined ? Prisma.empty : Prisma.sql`AND "userId" > ${after}`}
          ${before === undefined ? Prisma.empty : Prisma.sql`AND "userId" < ${before}`}
        ORDER BY "userId" ${inverted ? Prisma.sql`DESC` : Prisma.sql`ASC`} LIMIT ${limit}) m`,
  );
  return groupByOrganization(found, organizationIds);
}

/** How many members each organization has. */
export async function countMembers(db: Database, organizationIds: readonly string[]): Promise<number[]> {
  const counts = await db.membership.groupBy({
    by: ['organizationId'],
    where: { organizationId: { in: [...organizationIds] } },
    _count: true,
  });
  const byId = new Map(counts.map(({ organizationId, _count }) => [organizationId, _count]));
  return organizationIds.map((id) => byId.get(id) ?? 0);
}
