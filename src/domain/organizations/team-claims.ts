import type { Database } from '../../database/pool/client.ts';
import { idOf } from './identity.ts';

/** Whether these are the same teams, in whatever order. Each name stands once in a list. */
export function sameTeams(said: readonly string[], stored: readonly string[]): boolean {
  return said.length === stored.length && new Set([...said, ...stored]).size === said.length;
}

/**
 * Makes these the user's teams in the organization, of those that come from tokens. A team that is not there yet is inserted: its
 * id follows from its name, so that concurrent sign-ins agree. One that nobody is in any more stays.
 */
export async function setTeams(
  db: Database,
  { organizationId, userId, names }: { organizationId: string; userId: string; names: readonly string[] },
): Promise<void> {
  const ids = names.map((name) => idOf('team', { issuer: organizationId, externalId: name }));
  await db.query`
    WITH "left" AS (
      DELETE FROM public."TeamMember" m USING public."Team" t
      WHERE m."userId" = ${userId} AND m."organizationId" = ${organizationId}
        AND t."organizationId" = m."organizationId" AND t."id" = m."teamId" AND t."source" = 'CLAIMS' AND t."id" <> ALL(${ids}::text[])),
    "made" AS (
      INSERT INTO public."Team" ("organizationId", "id", "name", "source")
      SELECT ${organizationId}, a."id", a."name", 'CLAIMS' FROM unnest(${ids}::text[], ${[...names]}::text[]) AS a("id", "name")
      ON CONFLICT DO NOTHING)
    INSERT INTO public."TeamMember" ("organizationId", "teamId", "userId")
    SELECT ${organizationId}, a."id", ${userId} FROM unnest(${ids}::text[]) AS a("id") ON CONFLICT DO NOTHING`;
}
