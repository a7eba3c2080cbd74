import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Role } from '../../database/generated/prisma/enums.ts';
import type { Database } from '../../database/pool/client.ts';
import { ForbiddenError, UnauthenticatedError } from '../../errors/base.ts';

/** The denial for an organization that the caller has no access to; the same whether or not it exists. */
export function accessDenied(organizationId: string): ForbiddenError {
  return new ForbiddenError('ORGANIZATION_ACCESS_DENIED', "You don't have access to this organization", organizationId);
}

/**
 * Reauthorizes a user under the organization's lock: its role must be what it was when the request began. So of two
 * concurrent changes, one of which removes the other actor's access, the later one is refused.
 *
 * @throws ForbiddenError
 */
export async function reauthorizeMember(
  tx: Database,
  { organizationId, userId, role }: { organizationId: string; userId: string; role: Role },
): Promise<void> {
  const [present] = await tx.query<{ role: Role }>`
    SELECT "role" FROM public."Membership" WHERE "organizationId" = ${organizationId} AND "userId" = ${userId}`;
  if (!present) throw accessDenied(organizationId);
  if (present.role !== role) {
    throw new ForbiddenError(
      'INSUFFICIENT_PERMISSIONS',
      'Your role in the organization has just changed; send the request again',
      organizationId,
    );
  }
}

/**
 * Refuses a user whom the directory of the organization has deactivated: its token may go on to say a role.
 * @throws ForbiddenError
 */
export async function refuseDeactivated(db: Database, organizationId: string, userId: string): Promise<void> {
  const [found] = await db.query<{ active: boolean }>`
    SELECT "active" FROM public."ScimUser" WHERE "organizationId" = ${organizationId} AND "userId" = ${userId}`;
  if (found?.active === false) throw accessDenied(organizationId);
}

/**
 * Reauthorizes a service under the organization's lock: its API key must not be revoked.
 * @throws UnauthenticatedError
 */
export async function reauthorizeApiKey(tx: Database, id: string): Promise<void> {
  const [present] = await tx.query<{ revokedAt: Date | null }>`
    SELECT "revokedAt" FROM public."ApiKey" WHERE "id" = ${id}`;
  if (!present || present.revokedAt !== null)
    throw new UnauthenticatedError('Your API key has been deactivated', 'API_KEY_REVOKED');
}

/**
 * Reauthorizes a service under the organization's lock: its platform key must not be revoked. In a transaction it locks the row of the
 * key, since its revocation takes no organization's lock: that waits for the change, and no change comes after it.
 * @throws UnauthenticatedError
 */
export async function reauthorizePlatformKey(tx: Database, id: string): Promise<void> {
  const [present] = await tx.query<{ revokedAt: Date | null }>`
    SELECT "revokedAt" FROM public."PlatformKey" WHERE "id" = ${id} ${tx.pool ? Prisma.empty : Prisma.sql`FOR SHARE`}`;
  const isActive = present?.revokedAt === null;
  if (!isActive) throw new UnauthenticatedError('Your platform key has been deactivated', 'PLATFORM_KEY_REVOKED');
}

/**
 * Reauthorizes a directory under the organization's lock: its SCIM token must not be revoked.
 * @throws UnauthenticatedError
 */
export async function reauthorizeScimToken(tx: Database, id: string): Promise<void> {
  const [present] = await tx.query<{ revokedAt: Date | null }>`
    SELECT "revokedAt" FROM public."ScimToken" WHERE "id" = ${id}`;
  if (present?.revokedAt !== null) throw new UnauthenticatedError('Your SCIM token has been revoked', 'SCIM_TOKEN');
}

/**
 * The condition of `reauthorizeMember`, `reauthorizeApiKey` and `reauthorizePlatformKey` in SQL, on the "role", "actorId",
 * "actorApiKeyId" and "actorPlatformKeyId" of a row "a" for the organization "id"; and that its directory has not deactivated the
 * user, whose role a token may say. Scalar subqueries are index lookups; EXISTS would scan the whole table for many rows.
 */
export const stillAuthorized = Prisma.sql`
  (a."role" IS NULL OR a."role" = (SELECT m."role"::text FROM public."Membership" m
    WHERE m."organizationId" = a."id" AND m."userId" = a."actorId"))
  AND (a."actorApiKeyId" IS NULL OR (SELECT k."revokedAt" IS NULL FROM public."ApiKey" k WHERE k."id" = a."actorApiKeyId"))
  AND (a."actorPlatformKeyId" IS NULL
    OR (SELECT p."revokedAt" IS NULL FROM public."PlatformKey" p WHERE p."id" = a."actorPlatformKeyId" FOR SHARE))
  AND (SELECT s."active" FROM public."ScimUser" s WHERE s."organizationId" = a."id" AND s."userId" = a."actorId") IS NOT FALSE`;
