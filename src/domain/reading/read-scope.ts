import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Role } from '../../database/generated/prisma/enums.ts';

/** Some organizations: these, or those where this user has one of these roles. */
export type OrganizationScope = { organizationIds: readonly string[] } | { memberId: string; roles: readonly Role[] };

/** The maximum number of ids in a list: sending a longer one with each statement takes longer than the rest of its work. */
export const maxOrganizationIds = 20;

/**
 * Visibility of lookups by id: objects are searched only in this scope. So a foreign object is not found, and the lookup
 * takes as long as for one that does not exist.
 */
export interface ReadScope {
  /** The user, for its own objects. */
  userId: string | null;
  /** The organizations whose objects are visible. */
  organizations: OrganizationScope;
}

/**
 * A condition on the organization of a row. The membership is looked up by its key after the row was found, in a scalar
 * subquery: PostgreSQL turns EXISTS into a join, which may begin with all memberships of the user.
 */
export function isWithin(scope: OrganizationScope, organizationId: Prisma.Sql): Prisma.Sql {
  if ('organizationIds' in scope) return Prisma.sql`${organizationId} = ANY(${[...scope.organizationIds]}::text[])`;
  return Prisma.sql`(
    SELECT p."role"::text = ANY(${[...scope.roles]}::text[]) FROM public."Membership" p
    WHERE p."organizationId" = ${organizationId} AND p."userId" = ${scope.memberId})`;
}

/** The ids of the organizations as an array, which is evaluated once for each statement. */
export function organizationIdsIn(scope: OrganizationScope): Prisma.Sql {
  if ('organizationIds' in scope) return Prisma.sql`${[...scope.organizationIds]}::text[]`;
  return Prisma.sql`ARRAY(
    SELECT p."organizationId" FROM public."Membership" p
    WHERE p."userId" = ${scope.memberId} AND p."role"::text = ANY(${[...scope.roles]}::text[]))`;
}
