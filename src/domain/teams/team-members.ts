import { Prisma } from '../../database/generated/prisma/client.ts';
import type { TeamSource } from '../../database/generated/prisma/enums.ts';
import type { Database } from '../../database/pool/client.ts';
import type { Limits } from '../../limits.ts';
import { refuseOneMore } from '../input/validation.ts';
import type { TeamUser } from './team.ts';

/** What is done to the members of a team: to those present, or, where `replaces`, to none. */
export interface MembersChange {
  replaces: boolean;
  added: ReadonlySet<string>;
  removed: ReadonlySet<string>;
}

/** Everybody leaves. */
export const noMembers: MembersChange = { replaces: true, added: new Set(), removed: new Set() };

/** The users who join and leave a team. */
export interface MembersDifference {
  joining: string[];
  leaving: string[];
}

/** What a team is found by. */
export interface TeamReference {
  organizationId: string;
  teamId: string;
}

/**
 * What a change comes to for the present members. To be called under the organization's lock, once it is known that those who are
 * added may join.
 * @throws ValidationError for too many
 */
export async function differenceOf(
  tx: Database,
  { organizationId, teamId }: TeamReference,
  { replaces, added, removed }: MembersChange,
  limits: Limits,
): Promise<MembersDifference> {
  if (!replaces && added.size + removed.size === 0) return { joining: [], leaving: [] };
  const rows = await tx.query<{ userId: string }>`
    SELECT "userId" FROM public."TeamMember" WHERE "organizationId" = ${organizationId} AND "teamId" = ${teamId}`;
  const present = new Set(rows.map(({ userId }) => userId));
  const joining = [...added].filter((userId) => !present.has(userId));
  const leaving = [...present].filter((userId) => (replaces ? !added.has(userId) : removed.has(userId)));
  if (joining.length > 0) {
    refuseOneMore(present.size - leaving.length + joining.length - 1, limits.teamMembers, 'members of the team');
  }
  return { joining, leaving };
}

/** Applies it. */
export async function applyDifference(
  tx: Database,
  { organizationId, teamId }: TeamReference,
  { joining, leaving }: MembersDifference,
): Promise<void> {
  if (leaving.length > 0) {
    await tx.query`DELETE FROM public."TeamMember" WHERE "teamId" = ${teamId} AND "userId" = ANY(${leaving}::text[])`;
  }
  if (joining.length > 0) {
    await tx.query`
      INSERT INTO public."TeamMember" ("organizationId", "teamId", "userId")
      SELECT ${organizationId}, ${teamId}, a."id" FROM unnest(${joining}::text[]) AS a("id")`;
  }
}

/** Takes a user out of the teams of an organization that are kept in one way. */
export async function leaveTeams(tx: Database, user: TeamUser, source: TeamSource): Promise<void> {
  await tx.query`DELETE FROM public."TeamMember" m USING public."Team" t WHERE ${isIn(user, source)}`;
}

/** The ids of the teams that `leaveTeams` takes a user out of, sorted. */
export async function teamsToLeave(tx: Database, user: TeamUser, source: TeamSource): Promise<string[]> {
  const found = await tx.query<{ teamId: string }>`
    SELECT m."teamId" FROM public."TeamMember" m, public."Team" t WHERE ${isIn(user, source)}
    ORDER BY m."teamId" COLLATE "C"`;
  return found.map(({ teamId }) => teamId);
}

function isIn({ organizationId, userId }: TeamUser, source: TeamSource): Prisma.Sql {
  return Prisma.sql`m."userId" = ${userId} AND m."organizationId" = ${organizationId}
    AND t."organizationId" = m."organizationId" AND t."id" = m."teamId" AND t."source" = ${source}`;
}
