import type { Role } from '../../database/generated/prisma/enums.ts';
import type { Database } from '../../database/pool/client.ts';
import { coalesceFor } from '../../database/pool/coalesce.ts';
import type { Identity } from './identity.ts';

/** Whom a token names, and the organization that it names, where it does. Ids are those where no others are stored. */
export interface SignIn {
  userId: string;
  identity: Identity;
  organization: { id: string; identity: Identity } | null;
}

/** What is stored of a sign-in. */
export interface StoredSignIn {
  /** The user of the identity; null where it has signed in for the first time. */
  userId: string | null;
  /** Whether the user has a row, though its identity may have none. */
  hasUser: boolean;
  name: string | null;
  /** Then tokens do not change it. */
  nameSetByUser: boolean;
  email: string | null;
  picture: string | null;
  /** When these were last taken from a token. */
  profileAt: Date | null;
  /** Without those of organizations whose directory has deactivated the user. */
  memberships: ReadonlyMap<string, Role>;
  /** The organizations whose directory has deactivated the user: it has no access to them, whatever its tokens say. */
  deactivatedIn: readonly string[];
  /** As the user; null where the sign-in names no organization too. */
  organizationId: string | null;
  hasOrganization: boolean;
  organizationName: string | null;
  /** Then tokens do not change it. */
  nameSetByOwner: boolean;
  organizationProfileAt: Date | null;
  /** The user's teams in the organization, of those that come from tokens, sorted. */
  teams: readonly string[];
  /** When the token was issued that these were last taken from. */
  teamsAt: Date | null;
}

type Row = Omit<StoredSignIn, 'memberships'> & { organizations: Partial<Record<Role, string[]>> };

/** Reads what is stored of a sign-in. Concurrent reads are coalesced into one statement. */
export async function findSignIn(db: Database, signIn: SignIn): Promise<StoredSignIn> {
  const [found] = await find(db, [signIn]);
  if (!found) throw new Error('a sign-in has no row');
  return found;
}

const find = coalesceFor(readSignIns);

/** One result for each, in their order; equal ones are read once. */
async function readSignIns(db: Database, signIns: readonly SignIn[]): Promise<StoredSignIn[]> {
  const byKey = new Map(signIns.map((one) => [keyOf(one), one]));
  const distinct = [...byKey.values()];
  const asked = distinct.map(({ userId, identity, organization }) => ({
    userId,
    issuer: identity.issuer,
    subject: identity.externalId,
    organizationId: organization?.id ?? null,
    organizationIssuer: organization?.identity.issuer ?? null,
    externalId: organization?.identity.externalId ?? null,
  }));
  const found = await db.query<Row>`
    SELECT i."userId", u."id" IS NOT NULL AS "hasUser", u."name", coalesce(u."nameSetByUser", false) AS "nameSetByUser",
           u."email", u."picture", i."profileAt",
           e."organizationId", o."id" IS NOT NULL AS "hasOrganization", o."name" AS "organizationName",
           coalesce(o."nameSetByOwner", false) AS "nameSetByOwner",
           e."profileAt" AS "organizationProfileAt",
           coalesce((SELECT json_object_agg(r."role", r."ids") FROM (
                       SELECT m."role", json_agg(m."organizationId" ORDER BY m."organizationId" COLLATE "C") AS "ids"
                       FROM public."Membership" m
                       WHERE m."userId" = u."id" AND m."organizationId" <> ALL (d."organizationIds") GROUP BY m."role") r), '{}')
             AS "organizations",
           d."organizationIds" AS "deactivatedIn",
           ARRAY(SELECT t."name" FROM public."TeamMember" tm
                 JOIN public."Team" t ON t."organizationId" = tm."organizationId" AND t."id" = tm."teamId"
                 WHERE tm."userId" = u."id" AND tm."organizationId" = o."id" AND t."source" = 'CLAIMS'
                 ORDER BY t."name" COLLATE "C") AS "teams",
           s."issuedAt" AS "teamsAt"
    FROM ROWS FROM (jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
      AS ("userId" text, "issuer" text, "subject" text, "organizationId" text, "organizationIssuer" text, "externalId" text))
      WITH ORDINALITY AS a("userId", "issuer", "subject", "organizationId", "organizationIssuer", "externalId", "place")
    LEFT JOIN public."UserIdentity" i ON i."issuer" = a."issuer" AND i."subject" = a."subject"
    LEFT JOIN public."User" u ON u."id" = coalesce(i."userId", a."userId")
    CROSS JOIN LATERAL (SELECT ARRAY(
      SELECT s."organizationId" FROM public."ScimUser" s WHERE s."userId" = u."id" AND NOT s."active") AS "organizationIds") d
    LEFT JOIN public."OrganizationIdentity" e ON e."issuer" = a."organizationIssuer" AND e."externalId" = a."externalId"
    LEFT JOIN public."Organization" o ON o."id" = coalesce(e."organizationId", a."organizationId")
    LEFT JOIN public."TeamsSaid" s ON s."userId" = u."id" AND s."organizationId" = o."id"
    ORDER BY a."place"`;
  const stored = new Map(
    found.map(({ organizations, ...row }, index) => [
      keyOf(distinct[index] as SignIn),
      { ...row, memberships: toMemberships(organizations) },
    ]),
  );
  return signIns.map((one) => stored.get(keyOf(one)) as StoredSignIn);
}

function keyOf({ userId, identity, organization }: SignIn): string {
  return JSON.stringify([userId, identity, organization]);
}

/** Roles by organization, in the order of the ids. The JSON groups ids by role, which parses several times as fast as pairs. */
function toMemberships(organizations: Partial<Record<Role, string[]>>): ReadonlyMap<string, Role> {
  const memberships = new Map<string, Role>();
  for (const [role, ids] of Object.entries(organizations)) for (const id of ids) memberships.set(id, role as Role);
  // The ids of one role are sorted already.
  if (Object.keys(organizations).length < 2) return memberships;
  return new Map([...memberships].sort(([left], [right]) => (left < right ? -1 : 1)));
}
