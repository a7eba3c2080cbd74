import type { Database } from '../../database/pool/client.ts';
import { NotFoundError, ValidationError } from '../../errors/base.ts';
import { idsOf } from '../input/id.ts';
import { type Change, commit } from '../ledger/ledger.ts';
import type { Actor } from '../ledger/ledger-entry.ts';
import type { Invitation } from './invitation.ts';
import { close, findOpen, ledgerStateOf } from './invitation-change.ts';
import { addMember, findRole, type Member } from './membership.ts';

/** Who answers which invitation, and when. */
export interface InvitationAnswer {
  organizationId: string;
  invitationId: string;
  userId: string;
  invalidate: Actor['invalidate'];
  now: Date;
}

/**
 * Makes the user to whom it was offered a member.
 * @throws NotFoundError for any invitation that this user cannot answer now; ValidationError for a member
 */
export function acceptInvitation(db: Database, answer: InvitationAnswer): Promise<Member> {
  const { organizationId, userId } = answer;
  return commitAnswer(db, answer, { userId }, async (tx, { id, role, ...invitation }) => {
    if (await findRole(tx, organizationId, userId)) {
      throw new ValidationError([{ path: 'organizationId', message: 'you are a member of the organization already' }]);
    }
    return {
      action: 'INVITATION_ACCEPTED',
      // What changes is the membership, which is its user's.
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
 * Turns an offer down. The ledger names nobody as the one who did: who declines becomes known to nobody.
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
 * The right to answer rests on the invitation, which is looked for under the lock. Before, it is looked for without: nobody locks an
 * organization that did not invite it.
 */
async function commitAnswer<Result>(
  db: Database,
  { organizationId, invitationId, userId, invalidate, now }: InvitationAnswer,
  actor: Pick<Actor, 'userId'>,
  answer: (tx: Database, invitation: Invitation) => Promise<Change<Result>>,
): Promise<Result> {
  const canBe = idsOf('org', [organizationId]).length > 0 && idsOf('inv', [invitationId]).length > 0;
  const find = async (tx: Database) => {
    const invitation = canBe ? await findOpen(tx, { organizationId, id: invitationId, userId }, now) : undefined;
    if (!invitation) throw new NotFoundError();
    return invitation;
  };
  await find(db);
  const invitee = { ...actor, apiKeyId: null, reauthorize: async () => {}, roleIn: () => null, invalidate };
  return commit(db, { organizationId, actor: invitee }, async (tx) => answer(tx, await find(tx)));
}
