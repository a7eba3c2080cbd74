import type { Database } from '../../database/pool/client.ts';
import { NotFoundError, ValidationError } from '../../errors/base.ts';
import { idsOf } from '../input/id.ts';
import { type Change, commit } from '../ledger/ledger.ts';
import { type Actor, trustedActor } from '../ledger/ledger-entry.ts';
import type { Invitation, Invitee } from './invitation.ts';
import { close, findOpen, ledgerStateOf } from './invitation-change.ts';
import { addMember, findRole, isDeactivated, type Member } from './membership.ts';

/** The user who answers an invitation, and when. */
export interface InvitationAnswer {
  organizationId: string;
  invitationId: string;
  invitee: Invitee;
  /** The subject of whoever acts as the user. */
  impersonatedBy: string | null;
  invalidate: Actor['invalidate'];
  now: Date;
}

/** The same for any invitation that there is, and for none: nobody learns of those of others. */
const notInvited =
  'You have no such open invitation; one by e-mail is for whoever signs in with its address, verified by the issuer';

/**
 * Accepts an invitation: its user becomes a member.
 * @throws NotFoundError for any invitation that this user cannot answer now; ValidationError for a member
 */
export function acceptInvitation(db: Database, answer: InvitationAnswer): Promise<Member> {
  const { organizationId, invitee, impersonatedBy } = answer;
  const { userId } = invitee;
  return commitAnswer(db, answer, { userId, impersonatedBy }, async (tx, { id, role, ...invitation }) => {
    if (await findRole(tx, organizationId, userId)) {
      throw new ValidationError([{ path: 'organizationId', message: 'you are a member of the organization already' }]);
    }
    if (await isDeactivated(tx, { organizationId, userId })) {
      const message = 'the directory of the organization has deactivated you: ask those who keep it';
      throw new ValidationError([{ path: 'organizationId', message }]);
    }
    return {
      action: 'INVITATION_ACCEPTED',
      // The subject is the user, whose membership and cache tag change.
      subjectId: userId,
      before: null,
      after: { role, invitationId: id },
      apply: async ({ at }) => {
        await close(tx, { ...invitation, id }, 'ACCEPTED', at);
        return addMember(tx, { organizationId, userId, role });
      },
    };
  });
}

/**
 * Declines an invitation. The ledger entry has no actor, so that the user does not become visible to the organization.
 * @throws NotFoundError for any invitation that this user cannot answer now
 */
export function declineInvitation(db: Database, answer: InvitationAnswer): Promise<void> {
  return commitAnswer(db, answer, { userId: null }, async (tx, invitation) => ({
    action: 'INVITATION_DECLINED',
    subjectId: invitation.id,
    before: ledgerStateOf(invitation),
    after: null,
    apply: async ({ at }) => void (await close(tx, invitation, 'DECLINED', at)),
  }));
}

/**
 * Commits an answer. The invitation authorizes its user, and is read under the lock. It is also read before the lock is taken:
 * so nobody can lock an organization that has not invited them.
 */
async function commitAnswer<Result>(
  db: Database,
  { organizationId, invitationId, invitee, invalidate, now }: InvitationAnswer,
  answering: Pick<Actor, 'userId' | 'impersonatedBy'>,
  answer: (tx: Database, invitation: Invitation) => Promise<Change<Result>>,
): Promise<Result> {
  const canBe = idsOf('org', [organizationId]).length > 0 && idsOf('inv', [invitationId]).length > 0;
  const find = async (tx: Database) => {
    const invitation = canBe ? await findOpen(tx, { organizationId, id: invitationId, invitee }, now) : undefined;
    if (!invitation) throw new NotFoundError(notInvited);
    return invitation;
  };
  await find(db);
  const actor = { ...trustedActor, ...answering, invalidate };
  return commit(db, { organizationId, actor }, async (tx) => answer(tx, await find(tx)));
}
