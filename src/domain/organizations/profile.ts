import { Prisma } from '../../database/generated/prisma/client.ts';
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

/** Whether a profile may be replaced. What is empty may be filled in at any time. */
export function isDue(profileAt: Date | null, now: Date): boolean {
  return profileAt === null || now.getTime() - profileAt.getTime() >= profileMs;
}

/** Whether a token says what is not stored at all, or something else than what is, which was not taken from a token just now. */
export function isToUpdate<Fields extends Partial<Profile>>(
  said: Fields,
  stored: Fields,
  profileAt: Date | null,
  now: Date,
): boolean {
  for (const field in said) {
    const isOther = said[field] !== null && said[field] !== stored[field];
    if (isOther && (stored[field] === null || isDue(profileAt, now))) return true;
  }
  return false;
}

/** The fields of the first, and where they are empty those of the second. */
export function merge(first: Profile, second: Profile): Profile {
  return {
    name: first.name ?? second.name,
    email: first.email ?? second.email,
    picture: first.picture ?? second.picture,
  };
}

/** Writes the profile that a token tells; where another request has done so in the last hour, only what is empty. */
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
    UPDATE public."User" SET
      "name" = CASE WHEN "nameSetByUser" THEN "name" WHEN ${wasTaken} THEN coalesce(${profile.name}, "name")
                    ELSE coalesce("name", ${profile.name}) END,
      "email" = CASE WHEN ${wasTaken} THEN coalesce(${profile.email}, "email") ELSE coalesce("email", ${profile.email}) END,
      "picture" = CASE WHEN ${wasTaken} THEN coalesce(${profile.picture}, "picture")
                       ELSE coalesce("picture", ${profile.picture}) END
    WHERE "id" = ${userId}`;
}

/** As `updateUserProfile`, of the name of an organization. */
export async function updateOrganizationName(
  db: Database,
  { organizationId, identity, name }: { organizationId: string; identity: Identity; name: string },
  now: Date,
): Promise<void> {
  await db.query`
    WITH "taken" AS (
      UPDATE public."OrganizationIdentity" SET "profileAt" = ${now}
      WHERE "issuer" = ${identity.issuer} AND "externalId" = ${identity.externalId}
        AND ("profileAt" IS NULL OR "profileAt" <= ${lastChangeable(now)}) RETURNING 1)
    UPDATE public."Organization" SET "name" = ${name}
    WHERE "id" = ${organizationId} AND NOT "nameSetByOwner" AND (${wasTaken} OR "name" IS NULL)`;
}

/** Whether the statement of "taken" has taken the profile: at most one in an hour does. */
const wasTaken = Prisma.sql`EXISTS (SELECT 1 FROM "taken")`;

function lastChangeable(now: Date): Date {
  return new Date(now.getTime() - profileMs);
}
