import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Role } from '../../database/generated/prisma/enums.ts';
import type { Database } from '../../database/pool/client.ts';
import { valuesOf } from '../../database/pool/sql.ts';
import { countByOrganization, groupByOrganization, type Page } from '../reading/page.ts';

/** What a membership is found by. */
export interface MemberKey {
  organizationId: string;
  userId: string;
}

/** The membership of a user in an organization. */
export interface Member extends MemberKey {
  role: Role;
}

/** The role of a user in an organization; undefined where it is no member. */
export async function findRole(db: Database, organizationId: string, userId: string): Promise<Role | undefined> {
  const [found] = await db.query<{ role: Role }>`
    SELECT "role" FROM public."Membership" WHERE "organizationId" = ${organizationId} AND "userId" = ${userId}`;
  return found?.role;
}

/** Whether the directory of an organization has deactivated a user. */
export async function isDeactivated(db: Database, { organizationId, userId }: MemberKey): Promise<boolean> {
  const found = await db.query`
    SELECT 1 FROM public."ScimUser"
    WHERE "organizationId" = ${organizationId} AND "userId" = ${userId} AND NOT "active"`;
  return found.length > 0;
}

/** As `findRole`, of a user who becomes a MEMBER where it is none. A concurrent sign-in may have made it something else. */
export async function findOrAddRole(db: Database, organizationId: string, userId: string): Promise<Role> {
  const [added] = await db.query<{ role: Role }>`
    INSERT INTO public."Membership" ("organizationId", "userId", "role") VALUES (${organizationId}, ${userId}, 'MEMBER')
    ON CONFLICT DO NOTHING RETURNING "role"`;
  return added?.role ?? (await findRole(db, organizationId, userId)) ?? 'MEMBER';
}

/** Makes a user a member. */
export async function addMember(db: Database, { organizationId, userId, role }: Member): Promise<Member> {
  await db.query`INSERT INTO public."Membership" ${valuesOf({ organizationId, userId, role })}`;
  return { organizationId, userId, role };
}

/** A page of the members of each organization, ordered by user. */
export async function findMembers(
  db: Database,
  organizationIds: readonly string[],
  { after, before, limit, inverted }: Page<string>,
): Promise<Member[][]> {
  const found = await db.query<Member>`
    SELECT m.* FROM unnest(${[...organizationIds]}::text[]) AS o("id") CROSS JOIN LATERAL (
      SELECT "organizationId", "userId", "role" FROM public."Membership"
      WHERE "organizationId" = o."id"
        ${after === undefined ? Prisma.empty : Prisma.sql`AND "userId" > ${after}`}
        ${before === undefined ? Prisma.empty : Prisma.sql`AND "userId" < ${before}`}
      ORDER BY "userId" ${inverted ? Prisma.sql`DESC` : Prisma.sql`ASC`} LIMIT ${limit}) m`;
  return groupByOrganization(found, organizationIds);
}

/** Memberships in the order of their keys; null for one that is not there. */
export async function findMembersByKey(db: Database, keys: readonly MemberKey[]): Promise<(Member | null)[]> {
  const found = await db.query<Member>`
    SELECT m."organizationId", m."userId", m."role"
    FROM unnest(${keys.map(({ organizationId }) => organizationId)}::text[],
                ${keys.map(({ userId }) => userId)}::text[]) AS k("organizationId", "userId")
      JOIN public."Membership" m ON m."organizationId" = k."organizationId" AND m."userId" = k."userId"`;
  const keyOf = ({ organizationId, userId }: MemberKey) => `${organizationId} ${userId}`;
  const byKey = new Map(found.map((member) => [keyOf(member), member]));
  return keys.map((key) => byKey.get(keyOf(key)) ?? null);
}

/** How many members each organization has. */
export function countMembers(db: Database, organizationIds: readonly string[]): Promise<number[]> {
  return countByOrganization(db, Prisma.sql`public."Membership"`, organizationIds);
}
