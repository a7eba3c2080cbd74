import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Role } from '../../database/generated/prisma/enums.ts';
import type { Database } from '../../database/pool/client.ts';
import { coalesceFor } from '../../database/pool/coalesce.ts';
import { valuesOf } from '../../database/pool/sql.ts';
import { countByOrganization, groupByOrganization, type Page } from '../reading/page.ts';

/** A user, and the organization that its token names, where it names one. */
interface ProvisionKey {
  userId: string;
  organizationId: string | null;
}

interface Provisioned {
  hasUser: boolean;
  hasOrganization: boolean;
  memberships: ReadonlyMap<string, Role>;
}

const findProvisioned = coalesceFor(readProvisioned);

/**
 * Answers the memberships of a user, by organization, and inserts the rows of the user and of the given organization where
 * they do not exist: a trusted issuer has asserted both. Concurrent reads are coalesced into one statement.
 */
export async function provisionUser(
  db: Database,
  userId: string,
  organizationId: string | null,
): Promise<ReadonlyMap<string, Role>> {
  const [found = unknown] = await findProvisioned(db, [{ userId, organizationId }]);
  const { hasUser, hasOrganization, memberships } = found;

  if (!hasUser) await db.query`INSERT INTO public."User" ("id") VALUES (${userId}) ON CONFLICT DO NOTHING`;
  if (organizationId !== null && !hasOrganization) {
    await db.query`INSERT INTO public."Organization" ("id") VALUES (${organizationId}) ON CONFLICT DO NOTHING`;
  }
  return memberships;
}

const unknown: Provisioned = { hasUser: false, hasOrganization: false, memberships: new Map() };

/** One result for each key, in the order of the keys; equal keys are read once. */
async function readProvisioned(db: Database, keys: readonly ProvisionKey[]): Promise<Provisioned[]> {
  const keyOf = ({ userId, organizationId }: ProvisionKey) => `${userId} ${organizationId ?? ''}`;
  const distinct = [...new Map(keys.map((one) => [keyOf(one), one])).values()];
  const found = await db.query<Omit<Provisioned, 'memberships'> & { organizations: Partial<Record<Role, string[]>> }>`
    SELECT EXISTS (SELECT 1 FROM public."User" WHERE "id" = a."userId") AS "hasUser",
           EXISTS (SELECT 1 FROM public."Organization" WHERE "id" = a."organizationId") AS "hasOrganization",
           coalesce((SELECT json_object_agg(r."role", r."ids") FROM (
                       SELECT m."role", json_agg(m."organizationId" ORDER BY m."organizationId" COLLATE "C") AS "ids"
                       FROM public."Membership" m WHERE m."userId" = a."userId" GROUP BY m."role") r), '{}') AS "organizations"
    FROM unnest(${distinct.map(({ userId }) => userId)}::text[],
                ${distinct.map(({ organizationId }) => organizationId)}::text[])
      WITH ORDINALITY AS a("userId", "organizationId", "place")
    ORDER BY a."place"`;
  const byKey = new Map(
    found.map(({ organizations, ...has }, index) => [
      keyOf(distinct[index] as ProvisionKey),
      { ...has, memberships: toMemberships(organizations) },
    ]),
  );
  return keys.map((one) => byKey.get(keyOf(one)) ?? unknown);
}

/** Roles by organization, in the order of the ids. The JSON groups ids by role, which parses several times as fast as pairs. */
function toMemberships(organizations: Partial<Record<Role, string[]>>): ReadonlyMap<string, Role> {
  const memberships = new Map<string, Role>();
  for (const [role, ids] of Object.entries(organizations)) for (const id of ids) memberships.set(id, role as Role);
  // The ids of one role are sorted already.
  if (Object.keys(organizations).length < 2) return memberships;
  return new Map([...memberships].sort(([left], [right]) => (left < right ? -1 : 1)));
}

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
