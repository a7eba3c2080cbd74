import type { Database } from '../../database/pool/client.ts';
import { idOf } from './identity.ts';

/** The user's teams in the organization of a token, as the token says. Each name stands once. */
export interface SaidTeams {
  names: readonly string[];
  /** When the token was issued. */
  at: Date;
}

/** The teams of a user that come from tokens, in one organization. `at`: when the token was issued that they were last taken from. */
export interface StoredTeams {
  names: readonly string[];
  at: Date | null;
}

/**
 * Whether a token says other teams than are stored, and is newer than what they were taken from. An older one may still be valid:
 * two tokens that are sent in turn would else change the teams at each request.
 */
export function areToUpdate(said: SaidTeams, stored: StoredTeams): boolean {
  const isNewer = stored.at === null || said.at > stored.at;
  return isNewer && !areSame(said.names, stored.names);
}

/** Whether these are the same names, in any order. */
export function areSame(said: readonly string[], stored: readonly string[]): boolean {
  return said.length === stored.length && new Set([...said, ...stored]).size === said.length;
}

/**
 * Makes these the user's teams in the organization, of those that come from tokens, unless a concurrent sign-in has changed them
 * since they were read. A team that is not there yet is inserted: its id follows from its name, so that concurrent sign-ins
 * agree. One that nobody is in any more stays.
 */
export async function setTeams(
  db: Database,
  { organizationId, userId }: { organizationId: string; userId: string },
  said: SaidTeams,
  stored: StoredTeams,
): Promise<void> {
  const ids = said.names.map((name) => idOf('team', { issuer: organizationId, externalId: name }));
  await db.query`
    WITH "taken" AS (
      INSERT INTO public."TeamsSaid" ("organizationId", "userId", "issuedAt") VALUES (${organizationId}, ${userId}, ${said.at})
      ON CONFLICT ("userId", "organizationId") DO UPDATE SET "issuedAt" = EXCLUDED."issuedAt"
      WHERE "TeamsSaid"."issuedAt" = ${stored.at}::timestamptz(3) RETURNING 1),
    "left" AS (
      DELETE FROM public."TeamMember" m USING public."Team" t, "taken"
      WHERE m."userId" = ${userId} AND m."organizationId" = ${organizationId}
        AND t."organizationId" = m."organizationId" AND t."id" = m."teamId" AND t."source" = 'CLAIMS' AND t."id" <> ALL(${ids}::text[])),
    "made" AS (
      INSERT INTO public."Team" ("organizationId", "id", "name", "source")
      SELECT ${organizationId}, a."id", a."name", 'CLAIMS'
      FROM "taken", unnest(${ids}::text[], ${[...said.names]}::text[]) AS a("id", "name")
      ON CONFLICT DO NOTHING)
    INSERT INTO public."TeamMember" ("organizationId", "teamId", "userId")
    SELECT ${organizationId}, a."id", ${userId} FROM "taken", unnest(${ids}::text[]) AS a("id") ON CONFLICT DO NOTHING`;
}
