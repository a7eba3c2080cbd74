import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { columnsOf, countRows } from '../../database/pool/sql.ts';
import { ScimError } from '../../errors/scim.ts';
import { teamsKeptBy } from '../teams/team.ts';
import type { Slice } from './directory-user.ts';

const groupColumns = {
  id: true,
  name: true,
  externalId: true,
  version: true,
  createdAt: true,
  updatedAt: true,
} as const satisfies Prisma.TeamSelect;

/** A group of a directory: a team. */
export type DirectoryGroup = Prisma.TeamGetPayload<{ select: typeof groupColumns }>;

export const columnsOfGroup = columnsOf(groupColumns);

/** A member of a group: a user of the directory. */
export interface GroupMember {
  userId: string;
  userName: string;
}

/** What groups are looked up by; `displayName` whatever its case. */
export interface GroupCondition {
  attribute: 'id' | 'externalId' | 'displayName' | 'member';
  value: string;
}

/** A group of a directory, by its id. */
export async function findDirectoryGroup(
  db: Database,
  organizationId: string,
  id: string,
): Promise<DirectoryGroup | undefined> {
  const [found] = await db.query<DirectoryGroup>`
    SELECT ${columnsOfGroup} FROM ${teamsKeptBy('SCIM', organizationId)} AND "id" = ${id}`;
  return found;
}

/** The groups that meet all conditions, by name, and how many there are. */
export async function findDirectoryGroups(
  db: Database,
  organizationId: string,
  { conditions, offset, limit }: Slice & { conditions: readonly GroupCondition[] },
): Promise<{ total: number; groups: DirectoryGroup[] }> {
  const from = Prisma.join([teamsKeptBy('SCIM', organizationId), ...conditions.map(isMet)], ' AND ');
  const total = await countRows(db, from);
  if (limit === 0 || offset >= total) return { total, groups: [] };
  const groups = await db.query<DirectoryGroup>`
    SELECT ${columnsOfGroup} FROM ${from} ORDER BY "name", "id" LIMIT ${limit} OFFSET ${offset}`;
  return { total, groups };
}

/**
 * The members of these groups, in one statement.
 * @throws ScimError where there are more than `max` in all of them
 */
export async function findGroupMembers(
  db: Database,
  organizationId: string,
  { ids, max }: { ids: readonly string[]; max: number },
): Promise<ReadonlyMap<string, readonly GroupMember[]>> {
  const members = new Map<string, GroupMember[]>(ids.map((id) => [id, []]));
  if (ids.length === 0) return members;
  const found = await db.query<GroupMember & { teamId: string }>`
    SELECT m."teamId", m."userId", s."userName" FROM public."TeamMember" m
    JOIN public."ScimUser" s ON s."organizationId" = m."organizationId" AND s."userId" = m."userId"
    WHERE m."organizationId" = ${organizationId} AND m."teamId" = ANY(${[...ids]}::text[])
    ORDER BY m."teamId", m."userId" LIMIT ${max + 1}`;
  if (found.length > max) {
    const message = `There are more than ${max} members: ask for fewer groups, or without them (excludedAttributes=members)`;
    throw new ScimError('tooMany', message);
  }
  for (const { teamId, ...member } of found) members.get(teamId)?.push(member);
  return members;
}

function isMet({ attribute, value }: GroupCondition): Prisma.Sql {
  switch (attribute) {
    case 'id':
      return Prisma.sql`"id" = ${value}`;
    case 'externalId':
      return Prisma.sql`"externalId" = ${value}`;
    case 'displayName':
      return Prisma.sql`lower("name") = lower(${value})`;
    case 'member':
      return Prisma.sql`EXISTS (SELECT 1 FROM public."TeamMember" m WHERE m."teamId" = "Team"."id" AND m."userId" = ${value})`;
  }
}
