import { typeid } from 'typeid-js';
import { z } from 'zod';
import { Prisma } from '../../database/generated/prisma/client.ts';
import { Role } from '../../database/generated/prisma/enums.ts';
import type { Database } from '../../database/pool/client.ts';
import { assignmentsOf, countRows, onlyRow, valuesOf } from '../../database/pool/sql.ts';
import { ForbiddenError, NotFoundError, ValidationError } from '../../errors/base.ts';
import { invitationLifetimeMs, type Limits } from '../../limits.ts';
import { UserId } from '../input/id.ts';
import { expectedRevision, parseInput, refuseOneMore } from '../input/validation.ts';
import { commit } from '../ledger/ledger.ts';
import type { CommitRequest } from '../ledger/ledger-entry.ts';
import { type Invitation, type Invitee, invitationColumns, isFor } from './invitation.ts';
import { findRole } from './membership.ts';
import type { MembersChange } from './membership-change.ts';

/** The actor, the organization and the time of a change of invitations. */
export interface InvitationsChange extends MembersChange {
  now: Date;
}

/** In lower case: addresses that differ in it alone are one. */
export const EmailAddress = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'must not be longer than 254 characters')
  .pipe(z.email('must be an e-mail address'));

const InvitationInput = z
  .object({ userId: UserId.nullish(), email: EmailAddress.nullish(), role: z.enum(Role), expectedRevision })
  .refine(({ userId, email }) => (userId ?? null) === null || (email ?? null) === null, {
    path: ['email'],
    message: 'must not be given beside userId',
  })
  .refine(({ userId, email }) => (userId ?? email ?? null) !== null, {
    path: ['userId'],
    message: 'is required, or email',
  })
  .transform(({ userId = null, email = null, ...input }) => ({ ...input, invited: { userId, email } }));
const Revocation = z.object({ invitationId: z.string(), expectedRevision });

/**
 * Invites a user, by its id or its e-mail address. The user's row is neither read nor written, so that the result does not show
 * whether the user exists, and no member is found by its address.
 * @throws ValidationError where it is a member or invited already, or too many are invited; RevisionConflictError
 */
export function inviteMember(
  db: Database,
  { organizationId, actor, now, limits }: InvitationsChange & { limits: Limits },
  input: unknown,
): Promise<Invitation> {
  const { invited, role, ...expected } = parseInput(InvitationInput, input);
  if (actor.userId === null) {
    throw new ForbiddenError('INSUFFICIENT_PERMISSIONS', 'No API key may perform this action', organizationId);
  }
  return invite(db, { organizationId, actor, now, limits, ...expected }, { ...invited, role });
}

/** As `inviteMember`, with an input that is valid. Without a user as the actor it is the operator who invites. */
export function invite(
  db: Database,
  { organizationId, actor, now, limits, ...expected }: CommitRequest & InvitationsChange & { limits: Limits },
  { role, ...invited }: Pick<Invitation, 'userId' | 'email' | 'role'>,
): Promise<Invitation> {
  const { userId: invitedById } = actor;
  return commit(db, { organizationId, actor, ...expected }, async (tx) => {
    const replaced = await refuseSecondInvitation(tx, { organizationId, ...invited }, now);
    const open = Prisma.sql`public."Invitation" WHERE "organizationId" = ${organizationId} AND ${isOpen(now)}`;
    refuseOneMore(await countRows(tx, open), limits.invitations, 'open invitations');

    const id = typeid('inv').toString();
    return {
      action: 'MEMBER_INVITED',
      subjectId: id,
      before: null,
      after: ledgerStateOf({ ...invited, role }),
      apply: async ({ at }) => {
        if (replaced) await close(tx, replaced, 'EXPIRED', at);
        const expiresAt = new Date(at.getTime() + invitationLifetimeMs);
        const invitation = { organizationId, id, ...invited, role, invitedById, createdAt: at, expiresAt };
        return onlyRow(
          await tx.query<Invitation>`
            INSERT INTO public."Invitation" ${valuesOf(invitation)} RETURNING ${invitationColumns}`,
        );
      },
    };
  });
}

/** The expired invitation of this user or address that a new one replaces. @throws ValidationError for a member, or an open invitation */
async function refuseSecondInvitation(
  tx: Database,
  { organizationId, userId, email }: Pick<Invitation, 'organizationId' | 'userId' | 'email'>,
  now: Date,
) {
  if (userId !== null && (await findRole(tx, organizationId, userId))) {
    throw new ValidationError([{ path: 'userId', message: 'is a member already; setMemberRole changes its role' }]);
  }
  const [pending] = await tx.query<Invitation>`
    SELECT ${invitationColumns} FROM public."Invitation"
    WHERE "organizationId" = ${organizationId} AND ("userId" = ${userId} OR "email" = ${email}) AND "state" = 'PENDING'`;
  if (pending && pending.expiresAt > now) {
    throw new ValidationError([
      { path: userId === null ? 'email' : 'userId', message: 'is invited already; revokeInvitation takes that back' },
    ]);
  }
  return pending;
}

/**
 * Revokes an open invitation.
 * @throws NotFoundError, RevisionConflictError, ValidationError
 */
export function revokeInvitation(
  db: Database,
  { organizationId, actor, now }: InvitationsChange,
  input: unknown,
): Promise<Invitation> {
  const { invitationId: id, ...expected } = parseInput(Revocation, input);
  return commit(db, { organizationId, actor, ...expected }, async (tx) => {
    const present = await findOpen(tx, { organizationId, id }, now);
    if (!present) throw new NotFoundError('The organization has no such open invitation');
    return {
      action: 'INVITATION_REVOKED',
      subjectId: id,
      before: ledgerStateOf(present),
      after: null,
      apply: ({ at }) => close(tx, present, 'REVOKED', at),
    };
  });
}

/** The open invitation with this id, that this user may answer where one is given: pending and not expired. */
export async function findOpen(
  tx: Database,
  { organizationId, id, invitee }: Pick<Invitation, 'organizationId' | 'id'> & { invitee?: Invitee },
  now: Date,
): Promise<Invitation | undefined> {
  const [found] = await tx.query<Invitation>`
    SELECT ${invitationColumns} FROM public."Invitation" i
    WHERE "organizationId" = ${organizationId} AND "id" = ${id} AND ${isOpen(now)}
      ${invitee === undefined ? Prisma.empty : Prisma.sql`AND ${isFor(invitee)}`}`;
  return found;
}

function isOpen(now: Date): Prisma.Sql {
  return Prisma.sql`"state" = 'PENDING' AND "expiresAt" > ${now}`;
}

/** The state of an invitation in a ledger entry. */
export function ledgerStateOf({ userId, email, role }: Pick<Invitation, 'userId' | 'email' | 'role'>) {
  return email === null ? { userId, role } : { email, role };
}

/** Closes an invitation: it cannot be answered any more. */
export async function close(
  tx: Database,
  { organizationId, id }: Pick<Invitation, 'organizationId' | 'id'>,
  state: Exclude<Invitation['state'], 'PENDING'>,
  at: Date,
): Promise<Invitation> {
  return onlyRow(
    await tx.query<Invitation>`
      UPDATE public."Invitation" SET ${assignmentsOf({ state, decidedAt: at })}
      WHERE "organizationId" = ${organizationId} AND "id" = ${id} RETURNING ${invitationColumns}`,
  );
}
