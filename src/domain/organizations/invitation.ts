import { type Invitation as DatabaseInvitation, Prisma } from '../../database/generated/prisma/client.ts';
import type { InvitationState } from '../../database/generated/prisma/enums.ts';
import type { Database } from '../../database/pool/client.ts';
import { idsOf } from '../input/id.ts';
import { countByOrganization, groupByOrganization, inOrderOf, type Page } from '../reading/page.ts';
import { isWithin, type OrganizationScope } from '../reading/read-scope.ts';

/** A membership that is offered to a user, by its id or its e-mail address. There need be none yet. */
export type Invitation = DatabaseInvitation;

/** The part of an invitation that is visible to its user. */
export type ReceivedInvitation = Pick<Invitation, 'id' | 'organizationId' | 'role' | 'createdAt' | 'expiresAt'> & {
  organizationName: string | null;
};

/** The columns of an invitation. */
export const invitationColumns = Prisma.sql`"id", "organizationId", "userId", "email", "role", "invitedById", "createdAt", "expiresAt", "state",
  "decidedAt"`;

/** The state of an invitation at a moment: expiry is computed, not stored. */
export function invitationStateOf({ state, expiresAt }: Pick<Invitation, 'state' | 'expiresAt'>, now: Date) {
  return (state === 'PENDING' && expiresAt <= now ? 'EXPIRED' : state) satisfies InvitationState;
}

/** The address of the page on which an invitation is accepted, made of its template; null where there is none. */
export function linkOfInvitation(
  template: string | undefined,
  ids: Record<'organizationId' | 'invitationId', string>,
): string | null {
  return template?.replace(/\{(organizationId|invitationId)\}/g, (_, name: keyof typeof ids) => ids[name]) ?? null;
}

/** The sort key of invitations: pending ones first, then newest first. */
export type InvitationKey = [isPending: boolean, createdAt: string, id: string];

export function keyOfInvitation({ state, createdAt, id }: Invitation): InvitationKey {
  return [state === 'PENDING', createdAt.toISOString(), id];
}

/** A page of the invitations of each organization. */
export async function findInvitations(
  db: Database,
  organizationIds: readonly string[],
  { after, before, limit, inverted }: Page<InvitationKey>,
): Promise<Invitation[][]> {
  const place = Prisma.sql`(("state" = 'PENDING'), "createdAt", "id")`;
  const direction = inverted ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  const found = await db.query<Invitation>`
    SELECT i.* FROM unnest(${[...organizationIds]}::text[]) AS o("id") CROSS JOIN LATERAL (
      SELECT ${invitationColumns} FROM public."Invitation"
      WHERE "organizationId" = o."id"
        ${after === undefined ? Prisma.empty : Prisma.sql`AND ${place} < ${placeOf(after)}`}
        ${before === undefined ? Prisma.empty : Prisma.sql`AND ${place} > ${placeOf(before)}`}
      ORDER BY ("state" = 'PENDING') ${direction}, "createdAt" ${direction}, "id" ${direction} LIMIT ${limit}) i`;
  return groupByOrganization(found, organizationIds);
}

function placeOf([isPending, createdAt, id]: InvitationKey): Prisma.Sql {
  return Prisma.sql`(${isPending}::boolean, ${createdAt}::timestamptz(3), ${id})`;
}

/** Invitations of these organizations by id, in the order of the ids; null for any other. */
export async function findInvitationsById(
  db: Database,
  organizations: OrganizationScope,
  ids: readonly string[],
): Promise<(Invitation | null)[]> {
  const found = await db.query<Invitation>`
    SELECT ${invitationColumns} FROM public."Invitation" i
    WHERE "id" = ANY(${idsOf('inv', ids)}::text[]) AND ${isWithin(organizations, Prisma.sql`i."organizationId"`)}`;
  return inOrderOf(ids, found);
}

/** How many invitations each organization has made, in any state. */
export function countInvitations(db: Database, organizationIds: readonly string[]): Promise<number[]> {
  return countByOrganization(db, Prisma.sql`public."Invitation"`, organizationIds);
}

/** Who may answer invitations: those to its id, and those to the address that its issuer has verified. */
export interface Invitee {
  userId: string;
  verifiedEmail: string | null;
}

/** An invitation "i" that this user may answer. */
export function isFor({ userId, verifiedEmail }: Invitee): Prisma.Sql {
  return Prisma.sql`(i."userId" = ${userId} OR i."email" = ${verifiedEmail})`;
}

/** The newest open invitations of a user. */
export function findReceivedInvitations(
  db: Database,
  invitee: Invitee,
  { now, limit }: { now: Date; limit: number },
): Promise<ReceivedInvitation[]> {
  return db.query<ReceivedInvitation>`
    SELECT i."id", i."organizationId", o."name" AS "organizationName", i."role", i."createdAt", i."expiresAt"
    FROM public."Invitation" i JOIN public."Organization" o ON o."id" = i."organizationId"
    WHERE ${isFor(invitee)} AND i."state" = 'PENDING' AND i."expiresAt" > ${now}
    ORDER BY i."createdAt" DESC, i."id" DESC LIMIT ${limit}`;
}
