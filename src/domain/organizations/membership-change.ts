import { z } from 'zod';
import { Prisma } from '../../database/generated/prisma/client.ts';
import { Role } from '../../database/generated/prisma/enums.ts';
import type { Database } from '../../database/pool/client.ts';
import { countRows } from '../../database/pool/sql.ts';
import { NotFoundError, ValidationError } from '../../errors/base.ts';
import { UserId } from '../input/id.ts';
import { expectedRevision, parseInput } from '../input/validation.ts';
import { commit } from '../ledger/ledger.ts';
import type { Actor, CommitRequest } from '../ledger/ledger-entry.ts';
import { leaveTeams, teamsToLeave } from '../teams/team-members.ts';
import { findRole, type Member } from './membership.ts';
import { openExceptionsOf } from './open-exceptions.ts';

/** The actor and the organization of a change of members. */
export interface MembersChange {
  organizationId: string;
  actor: Actor;
}

/** What a membership ends with, for the ledger. */
type MembershipEnd = { role: Role; invitationIds?: string[]; teamIds?: string[]; exceptionIds?: string[] };

const MemberInput = z.object({ userId: UserId, role: z.enum(Role), expectedRevision });
const RemovalInput = MemberInput.omit({ role: true });

/**
 * Changes the role of a member. The last owner stays owner.
 * @throws ValidationError, NotFoundError, RevisionConflictError
 */
export function setMemberRole(db: Database, change: MembersChange, input: unknown): Promise<Member> {
  const { userId, role, ...expected } = parseInput(MemberInput, input);
  const { organizationId } = change;
  return commit(db, { ...change, ...expected }, async (tx) => {
    const before = await memberRole(tx, organizationId, userId);
    if (before === role) return { unchanged: { organizationId, userId, role } };

    if (before === 'OWNER') await refuseLastOwner(tx, organizationId, 'role');
    const invitations = before === 'OWNER' ? await pendingInvitationsOf(tx, organizationId, userId) : none;
    return {
      action: 'MEMBER_ROLE_CHANGED',
      subjectId: userId,
      before: { role: before, ...invitations.entry },
      after: { role },
      apply: async ({ at }) => {
        await invitations.revoke(at);
        await tx.query`UPDATE public."Membership" SET "role" = ${role} WHERE ${isMember(organizationId, userId)}`;
        return { organizationId, userId, role };
      },
    };
  });
}

/**
 * Removes a member, and answers the new revision. The last owner cannot be removed.
 * @throws ValidationError, NotFoundError, RevisionConflictError
 */
export function removeMember(db: Database, change: MembersChange, input: unknown): Promise<number> {
  const { userId, ...expected } = parseInput(RemovalInput, input);
  const { organizationId } = change;
  return commit(db, { ...change, ...expected } satisfies CommitRequest, async (tx) => {
    const role = await memberRole(tx, organizationId, userId);
    const removal = await removalOf(tx, { organizationId, userId, role, path: 'userId' });
    return {
      action: 'MEMBER_REMOVED',
      subjectId: userId,
      before: removal.before,
      after: null,
      apply: async ({ revision, at }) => {
        await removal.apply(at);
        return revision;
      },
    };
  });
}

/**
 * How a membership ends, with the pending invitations that its user has made as an owner, its places in the teams that are kept
 * here, and its exceptions. To be called under the organization's lock.
 * @throws ValidationError for the last owner
 */
export async function removalOf(
  tx: Database,
  { organizationId, userId, role, path }: Member & { path: string },
): Promise<{ before: MembershipEnd; apply: (at: Date) => Promise<void> }> {
  if (role === 'OWNER') await refuseLastOwner(tx, organizationId, path);
  const invitations = role === 'OWNER' ? await pendingInvitationsOf(tx, organizationId, userId) : none;
  const teamIds = await teamsToLeave(tx, { organizationId, userId }, 'MANUAL');
  const exceptions = await openExceptionsOf(tx, organizationId, userId);
  return {
    before: { role, ...invitations.entry, ...(teamIds.length > 0 && { teamIds }), ...exceptions.entry },
    apply: async (at) => {
      await invitations.revoke(at);
      if (teamIds.length > 0) await leaveTeams(tx, { organizationId, userId }, 'MANUAL');
      await exceptions.revoke(at);
      await tx.query`DELETE FROM public."Membership" WHERE ${isMember(organizationId, userId)}`;
    },
  };
}

/** Revokes the pending invitations of a user, who could come back by one. */
export async function revokeInvitationsOf(
  tx: Database,
  organizationId: string,
  userId: string,
  at: Date,
): Promise<void> {
  await tx.query`
    UPDATE public."Invitation" SET "state" = 'REVOKED', "decidedAt" = ${at}
    WHERE "organizationId" = ${organizationId} AND "userId" = ${userId} AND "state" = 'PENDING'`;
}

const none = { entry: {}, revoke: async () => {} };

/** The pending invitations that an owner has made. They are revoked once that user is no longer an owner. */
async function pendingInvitationsOf(tx: Database, organizationId: string, invitedById: string) {
  const isOpen = Prisma.sql`"organizationId" = ${organizationId} AND "invitedById" = ${invitedById} AND "state" = 'PENDING'`;
  const open = await tx.query<{ id: string }>`SELECT "id" FROM public."Invitation" WHERE ${isOpen} ORDER BY "id"`;
  if (open.length === 0) return none;
  return {
    entry: { invitationIds: open.map(({ id }) => id) },
    revoke: async (at: Date) => {
      await tx.query`UPDATE public."Invitation" SET "state" = 'REVOKED', "decidedAt" = ${at} WHERE ${isOpen}`;
    },
  };
}

async function memberRole(tx: Database, organizationId: string, userId: string): Promise<Role> {
  const role = await findRole(tx, organizationId, userId);
  if (!role) throw new NotFoundError('The organization has no such member');
  return role;
}

function isMember(organizationId: string, userId: string): Prisma.Sql {
  return Prisma.sql`"organizationId" = ${organizationId} AND "userId" = ${userId}`;
}

/** To be called under the organization's lock: else two owners could remove each other concurrently. */
async function refuseLastOwner(tx: Database, organizationId: string, path: string): Promise<void> {
  const owners = await countRows(
    tx,
    Prisma.sql`public."Membership" WHERE "organizationId" = ${organizationId} AND "role" = 'OWNER'`,
  );
  if (owners > 1) return;
  throw new ValidationError([{ path, message: 'the last owner stays; make another member an owner first' }]);
}
