import type { Database } from '../../database/pool/client.ts';
import type { Change } from '../ledger/ledger.ts';
import { addMember, findRole } from '../organizations/membership.ts';
import { removalOf, revokeInvitationsOf } from '../organizations/membership-change.ts';

/** A user's access as its directory wants it. */
interface Access {
  organizationId: string;
  userId: string;
  /** Null where the directory did not have it. */
  wasActive: boolean | null;
  isActive: boolean;
}

type Entry = Pick<Change<unknown>, 'action' | 'before' | 'after'>;

/**
 * What becomes of the membership of a user: one who becomes active is a member from then on, one who is not active is none. A role
 * stays as it is. Answers the ledger's record of it, and what applies it.
 *
 * @throws ValidationError for the last owner, who stays
 */
export async function accessChange(
  tx: Database,
  { organizationId, userId, wasActive, isActive }: Access,
): Promise<Entry & { apply: (at: Date) => Promise<void> }> {
  const role = await findRole(tx, organizationId, userId);
  const [before, after] = [wasActive === null ? null : { active: wasActive }, { active: isActive }];
  if (!isActive) {
    const removal = role && (await removalOf(tx, { organizationId, userId, role, path: 'active' }));
    return {
      action: removal ? 'MEMBER_REMOVED' : 'DIRECTORY_USER_UPDATED',
      before: removal ? { ...before, ...removal.before } : before,
      after,
      apply: async (at) => {
        await revokeInvitationsOf(tx, organizationId, userId, at);
        await removal?.apply(at);
      },
    };
  }
  if (role || wasActive) return { action: 'DIRECTORY_USER_UPDATED', before, after, apply: async () => {} };
  return {
    action: 'MEMBER_ADDED',
    before,
    after: { ...after, role: 'MEMBER' },
    apply: async () => void (await addMember(tx, { organizationId, userId, role: 'MEMBER' })),
  };
}
