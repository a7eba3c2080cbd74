import type { Database } from '../../database/pool/client.ts';
import type { Identity } from './identity.ts';

/** What a token tells of its user. Null where it does not say. */
export interface Profile {
  name: string | null;
  email: string | null;
  picture: string | null;
}

/** How long, in ms, a profile stays as it is once it was taken from a token, whatever others say: two issuers may not agree. */
const profileMs = 3_600_000;

/** Whether a token says something else than what is stored, which was not taken from a token just now. */
export function isToUpdate<Fields extends Partial<Profile>>(
  said: Fields,
  stored: Fields,
  profileAt: Date | null,
  now: Date,
): boolean {
  for (const field in said) {
    if (said[field] !== null && said[field] !== stored[field]) {
      return profileAt === null || now.getTime() - profileAt.getTime() >= profileMs;
    }
  }
  return false;
}

export function merge(said: Profile, stored: Profile): Profile {
  return {
    name: said.name ?? stored.name,
    email: said.email ?? stored.email,
    picture: said.picture ?? stored.picture,
  };
}

/** Writes the profile that a token tells, unless another request has done so in the last hour. */
export async function updateUserProfile(
  db: Database,
  { userId, identity, profile }: { userId: string; identity: Identity; profile: Profile },
  now: Date,
): Promise<void> {
  await db.query`
    WITH "taken" AS (
      UPDATE public."UserIdentity" SET "profileAt" = ${now}
      WHERE "issuer" = ${identity.issuer} AND "subject" = ${identity.externalId}
        AND ("profileAt" IS NULL OR "profileAt" <= ${lastChangeable(now)}) RETURNING 1)
    UPDATE public."User" SET "name" = CASE WHEN "nameSetByUser" THEN "name" ELSE coalesce(${profile.name}, "name") END,
      "email" = coalesce(${profile.email}, "email"),
      "picture" = coalesce(${profile.picture}, "picture")
    WHERE "id" = ${userId} AND EXISTS (SELECT 1 FROM "taken")`;
}

/** As `updateUserProfile`, of the name of an organization. */
export async function updateOrganizationName(
  db: Database,
  { organizationId, identity, name }: { organizationId: string; identity: Identity; name: string | null },
  now: Date,
): Promise<void> {
  await db.query`
    WITH "taken" AS (
      UPDATE public."OrganizationIdentity" SET "profileAt" = ${now}
      WHERE "issuer" = ${identity.issuer} AND "externalId" = ${identity.externalId}
        AND ("profileAt" IS NULL OR "profileAt" <= ${lastChangeable(now)}) RETURNING 1)
    UPDATE public."Organization" SET "name" = coalesce(${name}, "name")
    WHERE "id" = ${organizationId} AND NOT "nameSetByOwner" AND EXISTS (SELECT 1 FROM "taken")`;
}

function lastChangeable(now: Date): Date {
  return new Date(now.getTime() - profileMs);
}
