import { z } from 'zod';
import type { Limits } from '../../limits.ts';
import { UserId } from '../input/id.ts';
import { Name } from '../input/name.ts';
import { expectedRevision, reason } from '../input/validation.ts';
import type { MembersChange } from './team-members.ts';

const everyChange = { expectedRevision, reason };

/** A list may name as many users as a team may have members. */
const userIds = ({ teamMembers }: Limits) =>
  z.array(UserId, 'must not be null').max(teamMembers, `must not have more than ${teamMembers} entries`).optional();

/** A new team. */
export const TeamCreation = (limits: Limits) => z.object({ name: Name, userIds: userIds(limits), ...everyChange });

/** A new name of a team. */
export const TeamRenaming = z.object({ teamId: z.string(), name: Name, ...everyChange });

/** A team to delete. */
export const TeamDeletion = z.object({ teamId: z.string(), ...everyChange });

/** Other members of a team: all of them as `userIds`, or those who join and leave. */
export const TeamMembersChange = (limits: Limits) =>
  z
    .object({
      teamId: z.string(),
      userIds: userIds(limits),
      addUserIds: userIds(limits),
      removeUserIds: userIds(limits),
      ...everyChange,
    })
    .superRefine(({ userIds: all, addUserIds: added, removeUserIds: removed }, context) => {
      const refuse = (path: (string | number)[], message: string) =>
        context.addIssue({ code: 'custom', path, message });
      if (!all && !added && !removed) refuse(['userIds'], 'is required, or addUserIds or removeUserIds');
      if (all && added) refuse(['addUserIds'], 'must not be given beside userIds, which replaces the list');
      if (all && removed) refuse(['removeUserIds'], 'must not be given beside userIds, which replaces the list');
      const joining = new Set(added);
      for (const [index, userId] of removed?.entries() ?? []) {
        if (joining.has(userId)) refuse(['removeUserIds', index], 'must not be removed: the change adds it');
      }
    })
    .transform(({ userIds: all, addUserIds, removeUserIds, ...input }) => ({
      ...input,
      members: {
        replaces: all !== undefined,
        added: new Set(all ?? addUserIds),
        removed: new Set(removeUserIds),
      } satisfies MembersChange,
      /** The name of the list of those who are added. */
      path: all ? 'userIds' : 'addUserIds',
    }));
