import { typeid } from 'typeid-js';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import type { Limits } from '../../limits.ts';
import { commitWithin } from '../ledger/ledger.ts';
import { trustedActor } from '../ledger/ledger-entry.ts';
import { type Identity, userIdOf } from './identity.ts';
import { invite } from './invitation-change.ts';
import { addMember, findRole } from './membership.ts';
import { setMemberRole } from './membership-change.ts';

/** The operator. A trigger tells the processes that serve of what it changes. */
export const operator = trustedActor;

/** Somebody who shall own an organization. */
export interface Owner {
  /** Null for somebody who is known by an address alone. */
  userId: string | null;
  /** Whether it owns the organization "o", or is invited to. */
  owns: Prisma.Sql;
  /** Inserts the rows of a user who has not signed in yet. */
  insert: () => Promise<void>;
  /** Makes it an owner of an organization that there is, or invites it to become one. */
  join: (organizationId: string) => Promise<void>;
  /** The invitation that it has yet to accept. */
  findInvitation: (organizationId: string) => Promise<string | null>;
}

/** A user by its subject, or by its id. `keepsIds`: a subject of the issuer that looks like the id of a user becomes its id. */
export interface NamedUser {
  subject: string;
  keepsIds: boolean;
}

export async function userOwner(tx: Database, named: NamedUser & { issuer: string }): Promise<Owner> {
  const { issuer, subject, keepsIds } = named;
  const { userId, isStored } = await findUser(tx, { issuer, externalId: subject }, keepsIds);
  // The first token of the user completes its profile.
  const insert = async () => {
    if (isStored) return;
    await tx.query`INSERT INTO public."User" ("id") VALUES (${userId}) ON CONFLICT DO NOTHING`;
    await tx.query`
      INSERT INTO public."UserIdentity" ("issuer", "subject", "userId") VALUES (${issuer}, ${subject}, ${userId})
      ON CONFLICT ("issuer", "subject") DO NOTHING`;
  };
  return {
    userId,
    owns: Prisma.sql`EXISTS (SELECT 1 FROM public."Membership" m
      WHERE m."organizationId" = o."id" AND m."userId" = ${userId} AND m."role" = 'OWNER')`,
    insert,
    join: async (organizationId) => {
      await insert();
      await makeOwner(tx, organizationId, userId);
    },
    findInvitation: async () => null,
  };
}

/** The user of an identity, with the id that it gets at its first sign-in where it has none yet. The id of a user is one too. */
async function findUser(tx: Database, identity: Identity, keepsIds: boolean) {
  const { issuer, externalId } = identity;
  const id = userIdOf(identity, keepsIds);
  const [found] = await tx.query<{ ownId: string | null; hasUser: boolean; isTaken: boolean }>`
    SELECT (SELECT i."userId" FROM public."UserIdentity" i
            WHERE i."issuer" = ${issuer} AND i."subject" = ${externalId}) AS "ownId",
           EXISTS (SELECT 1 FROM public."User" WHERE "id" = ${externalId}) AS "hasUser",
           EXISTS (SELECT 1 FROM public."UserIdentity" WHERE "userId" = ${id} AND "isOriginal") AS "isTaken"`;
  if (found?.hasUser) return { userId: externalId, isStored: true };
  const ownId = found?.ownId ?? null;
  if (ownId !== null) return { userId: ownId, isStored: true };
  // The user of that id was made for another identity.
  return { userId: found?.isTaken ? typeid('usr').toString() : id, isStored: false };
}

async function makeOwner(tx: Database, organizationId: string, userId: string): Promise<void> {
  const change = { organizationId, actor: operator };
  if (await findRole(tx, organizationId, userId)) {
    await setMemberRole(tx, change, { userId, role: 'OWNER' });
    return;
  }
  await commitWithin(tx, change, async () => ({
    action: 'MEMBER_ADDED',
    subjectId: userId,
    before: null,
    after: { role: 'OWNER' },
    apply: () => addMember(tx, { organizationId, userId, role: 'OWNER' }),
  }));
}

/** Whoever signs in with this address, verified by its issuer, and accepts an invitation. The address is in lower case. */
export function addressOwner(tx: Database, email: string, limits: Limits): Owner {
  const now = new Date();
  const isOpen = Prisma.sql`i."email" = ${email} AND i."role" = 'OWNER' AND i."state" = 'PENDING' AND i."expiresAt" > ${now}`;
  return {
    userId: null,
    // The owner with this address, which its issuer has verified; or who accepted the invitation, whose tokens may not tell it.
    owns: Prisma.sql`(
      EXISTS (SELECT 1 FROM public."Invitation" i WHERE i."organizationId" = o."id" AND ${isOpen})
      OR EXISTS (SELECT 1 FROM public."Membership" m JOIN public."User" u ON u."id" = m."userId"
                 WHERE m."organizationId" = o."id" AND m."role" = 'OWNER' AND (lower(u."email") = ${email} OR EXISTS (
                   SELECT 1 FROM public."Revision" r JOIN public."Invitation" i ON i."id" = r."after" ->> 'invitationId'
                   WHERE r."organizationId" = o."id" AND r."action" = 'INVITATION_ACCEPTED' AND r."subjectId" = u."id"
                     AND i."organizationId" = o."id" AND i."email" = ${email}))))`,
    insert: async () => {},
    join: async (organizationId) => {
      await invite(tx, { organizationId, actor: operator, now, limits }, { userId: null, email, role: 'OWNER' });
    },
    findInvitation: async (organizationId) => {
      const [found] = await tx.query<{ id: string }>`
        SELECT i."id" FROM public."Invitation" i WHERE i."organizationId" = ${organizationId} AND ${isOpen}`;
      return found?.id ?? null;
    },
  };
}
