import { Prisma } from '../../database/generated/prisma/client.ts';
import type { TeamSource } from '../../database/generated/prisma/enums.ts';
import type { Database } from '../../database/pool/client.ts';
import { columnsOf } from '../../database/pool/sql.ts';
import { idsOf } from '../input/id.ts';
import { countByOrganization, groupByOrganization, inOrderOf, type Page } from '../reading/page.ts';
import { isWithin, type OrganizationScope } from '../reading/read-scope.ts';

/** The columns of a team that are shown. */
export const teamColumns = {
  id: true,
  organizationId: true,
  name: true,
  source: true,
} as const satisfies Prisma.TeamSelect;

/** A group of people in an organization. */
export type Team = Prisma.TeamGetPayload<{ select: typeof teamColumns }>;

const columns = columnsOf(teamColumns);

/** The teams of an organization that are kept in one way, as the SQL after FROM. */
export function teamsKeptBy(source: TeamSource, organizationId: string): Prisma.Sql {
  return Prisma.sql`public."Team" WHERE "organizationId" = ${organizationId} AND "source" = ${source}`;
}

/** The sort key of teams. */
export type TeamKey = [name: string, id: string];

/** A page of the teams of each organization, by name. */
export async function findTeams(
  db: Database,
  organizationIds: readonly string[],
  { after, before, limit, inverted }: Page<TeamKey>,
): Promise<Team[][]> {
  const direction = inverted ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  const found = await db.query<Team>`
    SELECT t.* FROM unnest(${[...organizationIds]}::text[]) AS o("id") CROSS JOIN LATERAL (
      SELECT ${columns} FROM public."Team"
      WHERE "organizationId" = o."id"
        ${after === undefined ? Prisma.empty : Prisma.sql`AND ("name", "id") > (${after[0]}, ${after[1]})`}
        ${before === undefined ? Prisma.empty : Prisma.sql`AND ("name", "id") < (${before[0]}, ${before[1]})`}
      ORDER BY "name" ${direction}, "id" ${direction} LIMIT ${limit}) t`;
  return groupByOrganization(found, organizationIds);
}

/** How many teams each organization has. */
export function countTeams(db: Database, organizationIds: readonly string[]): Promise<number[]> {
  return countByOrganization(db, Prisma.sql`public."Team"`, organizationIds);
}

/** Teams of these organizations by id, in the order of the ids; null for any other. */
export async function findTeamsById(
  db: Database,
  organizations: OrganizationScope,
  ids: readonly string[],
): Promise<(Team | null)[]> {
  const found = await db.query<Team>`
    SELECT ${columns} FROM public."Team" t
    WHERE "id" = ANY(${idsOf('team', ids)}::text[]) AND ${isWithin(organizations, Prisma.sql`t."organizationId"`)}`;
  return inOrderOf(ids, found);
}

/** The names of these teams of an organization, by their ids, in the order of the ids. */
export async function findTeamNames(
  db: Database,
  organizationId: string,
  ids: readonly string[],
): Promise<Record<string, string>> {
  const found = await db.query<{ id: string; name: string }>`
    SELECT "id", "name" FROM public."Team"
    WHERE "organizationId" = ${organizationId} AND "id" = ANY(${[...ids]}::text[]) ORDER BY "id"`;
  return Object.fromEntries(found.map(({ id, name }) => [id, name]));
}

/** The condition that a row "m" of TeamMember counts: a user whom the directory has deactivated stays, and is not shown. */
export const isActive = Prisma.sql`NOT EXISTS (
  SELECT 1 FROM public."ScimUser" s
  WHERE s."organizationId" = m."organizationId" AND s."userId" = m."userId" AND NOT s."active")`;

/** A page of the ids of the members of each team, in their order. */
export async function findTeamMembers(
  db: Database,
  teamIds: readonly string[],
  { after, before, limit, inverted }: Page<string>,
): Promise<string[][]> {
  const found = await db.query<{ teamId: string; userId: string }>`
    SELECT u.* FROM unnest(${[...teamIds]}::text[]) AS t("id") CROSS JOIN LATERAL (
      SELECT m."teamId", m."userId" FROM public."TeamMember" m
      WHERE m."teamId" = t."id" AND ${isActive}
        ${after === undefined ? Prisma.empty : Prisma.sql`AND m."userId" > ${after}`}
        ${before === undefined ? Prisma.empty : Prisma.sql`AND m."userId" < ${before}`}
      ORDER BY m."userId" ${inverted ? Prisma.sql`DESC` : Prisma.sql`ASC`} LIMIT ${limit}) u`;
  const members = new Map<string, string[]>(teamIds.map((id) => [id, []]));
  for (const { teamId, userId } of found) members.get(teamId)?.push(userId);
  return teamIds.map((id) => members.get(id) ?? []);
}

/** How many members each team has. */
export async function countTeamMembers(db: Database, teamIds: readonly string[]): Promise<number[]> {
  const found = await db.query<{ teamId: string; count: number }>`
    SELECT m."teamId", count(*)::int AS "count" FROM public."TeamMember" m
    WHERE m."teamId" = ANY(${[...teamIds]}::text[]) AND ${isActive} GROUP BY m."teamId"`;
  const counts = new Map(found.map(({ teamId, count }) => [teamId, count]));
  return teamIds.map((id) => counts.get(id) ?? 0);
}

/** A user in an organization. */
export interface TeamUser {
  organizationId: string;
  userId: string;
}

/** The ids of the teams of each user, sorted: none for one whom the directory of the organization has deactivated. */
export async function findTeamsOfUsers(db: Database, users: readonly TeamUser[]): Promise<string[][]> {
  const found = await db.query<TeamUser & { teamIds: string[] }>`
    SELECT m."organizationId", m."userId", array_agg(m."teamId" ORDER BY m."teamId" COLLATE "C") AS "teamIds"
    FROM unnest(${users.map(({ organizationId }) => organizationId)}::text[],
                ${users.map(({ userId }) => userId)}::text[]) AS u("organizationId", "userId")
      JOIN public."TeamMember" m ON m."userId" = u."userId" AND m."organizationId" = u."organizationId"
    WHERE ${isActive} GROUP BY m."organizationId", m."userId"`;
  const teams = new Map(found.map(({ teamIds, ...user }) => [teamUserKey(user), teamIds]));
  return users.map((user) => teams.get(teamUserKey(user)) ?? []);
}

/** Ids contain no blanks. */
export function teamUserKey({ organizationId, userId }: TeamUser): string {
  return `${organizationId} ${userId}`;
}
