import { typeid } from 'typeid-js';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { assignmentsOf, countRows, onlyRow, valuesOf } from '../../database/pool/sql.ts';
import { NotFoundError } from '../../errors/base.ts';
import { refuseOneMore } from '../input/validation.ts';
import { commit } from '../ledger/ledger.ts';
import { checkVersion, type DirectoryChange, taken } from './directory-change.ts';
import { columnsOfGroup, type DirectoryGroup, findDirectoryGroup, groupsOf } from './directory-group.ts';
import { applyDifference, differenceOf, type MembersChange, type MembersDifference } from './group-members.ts';

/** What a directory says of a group, and what it does to the members. */
export interface GroupInput {
  displayName: string;
  externalId: string | null;
  members: MembersChange;
}

/**
 * Creates a group of a directory, which is a team.
 * @throws ScimError, ValidationError
 */
export function createDirectoryGroup(
  db: Database,
  change: DirectoryChange,
  input: GroupInput,
): Promise<DirectoryGroup> {
  const { organizationId } = change.token;
  return commit(db, { organizationId, actor: change.actor }, async (tx) => {
    await refuseTaken(tx, organizationId, '', input.displayName);
    refuseOneMore(await countRows(tx, groupsOf(organizationId)), change.limits.teams, 'groups of the directory');
    const team = { organizationId, teamId: typeid('team').toString() };
    const difference = await differenceOf(tx, team, input.members, change.limits);
    const { displayName: name, externalId } = input;
    return {
      action: 'TEAM_CREATED',
      subjectId: team.teamId,
      before: null,
      after: { name, members: difference.joining },
      apply: async ({ at }) => {
        markMembers(change, difference);
        const times = { createdAt: at, updatedAt: at };
        const row = { organizationId, id: team.teamId, name, externalId, ...times };
        const created = await tx.query<DirectoryGroup>`
          INSERT INTO public."Team" ${valuesOf({ ...row, source: 'SCIM' })} RETURNING ${columnsOfGroup}`;
        await applyDifference(tx, team, difference);
        return onlyRow(created);
      },
    };
  });
}

/**
 * Changes a group of a directory into what `revise` makes of it. What changes nothing makes no revision.
 * @throws NotFoundError, ScimError, ValidationError
 */
export function changeDirectoryGroup(
  db: Database,
  change: DirectoryChange,
  id: string,
  revise: (present: DirectoryGroup) => GroupInput,
): Promise<DirectoryGroup> {
  const { organizationId } = change.token;
  return commit(db, { organizationId, actor: change.actor }, async (tx) => {
    const present = await findDirectoryGroup(tx, organizationId, id);
    if (!present) throw new NotFoundError();
    checkVersion(change, present);
    const { displayName: name, externalId, members } = revise(present);
    await refuseTaken(tx, organizationId, id, name);
    const team = { organizationId, teamId: id };
    const difference = await differenceOf(tx, team, members, change.limits);
    const { joining, leaving } = difference;
    const isSame = name === present.name && externalId === present.externalId;
    if (isSame && joining.length + leaving.length === 0) return { unchanged: present };

    return {
      action: 'TEAM_UPDATED',
      subjectId: id,
      // Those alone who join and leave: a group may have thousands of members.
      before: { name: present.name, members: leaving },
      after: { name, members: joining },
      apply: async ({ at }) => {
        markMembers(change, difference);
        await applyDifference(tx, team, difference);
        return onlyRow(
          await tx.query<DirectoryGroup>`
            UPDATE public."Team" SET ${assignmentsOf({ name, externalId, updatedAt: at })}, "version" = "version" + 1
            WHERE "organizationId" = ${organizationId} AND "id" = ${id} RETURNING ${columnsOfGroup}`,
        );
      },
    };
  });
}

/**
 * Deletes a group of a directory.
 * @throws NotFoundError, ScimError
 */
export function deleteDirectoryGroup(db: Database, change: DirectoryChange, id: string): Promise<void> {
  const { organizationId } = change.token;
  return commit(db, { organizationId, actor: change.actor }, async (tx) => {
    const present = await findDirectoryGroup(tx, organizationId, id);
    if (!present) throw new NotFoundError();
    checkVersion(change, present);
    const all = { replaces: true, added: new Set<string>(), removed: new Set<string>() };
    const difference = await differenceOf(tx, { organizationId, teamId: id }, all, change.limits);
    return {
      action: 'TEAM_DELETED',
      subjectId: id,
      before: { name: present.name, members: difference.leaving },
      after: null,
      apply: async () => {
        markMembers(change, difference);
        await tx.query`DELETE FROM public."Team" WHERE "organizationId" = ${organizationId} AND "id" = ${id}`;
      },
    };
  });
}

/** What users see depends on their teams: their tags are invalidated with that of the organization. */
function markMembers({ token, actor }: DirectoryChange, { joining, leaving }: MembersDifference): void {
  for (const userId of [...joining, ...leaving]) actor.invalidate(token.organizationId, userId);
}

async function refuseTaken(tx: Database, organizationId: string, id: string, name: string): Promise<void> {
  const others = Prisma.sql`${groupsOf(organizationId)} AND "name" = ${name} AND "id" <> ${id}`;
  if ((await countRows(tx, others)) > 0) throw taken('displayName');
}
