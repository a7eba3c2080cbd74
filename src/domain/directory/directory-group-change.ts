import type { Database } from '../../database/pool/client.ts';
import { NotFoundError } from '../../errors/base.ts';
import { ScimError } from '../../errors/scim.ts';
import { commit } from '../ledger/ledger.ts';
import { creationOf, deletionOf, isNameTaken, type TeamsChange, updateOf } from '../teams/team-commit.ts';
import type { MembersChange } from '../teams/team-members.ts';
import { checkVersion, type DirectoryChange, taken } from './directory-change.ts';
import { columnsOfGroup, type DirectoryGroup, findDirectoryGroup } from './directory-group.ts';
import { usersOf } from './directory-user.ts';

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
  { displayName: name, externalId, members }: GroupInput,
): Promise<DirectoryGroup> {
  const teams = teamsOf(change);
  return commit(db, teams, async (tx) => {
    await refuseTaken(tx, teams, { name });
    await refuseUnknown(tx, teams, members.added);
    return creationOf(tx, teams, { source: 'SCIM', columns: columnsOfGroup }, { name, externalId }, members);
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
  const teams = teamsOf(change);
  return commit(db, teams, async (tx) => {
    const present = await presentGroup(tx, change, id);
    const { displayName: name, externalId, members } = revise(present);
    await refuseTaken(tx, teams, { id, name });
    await refuseUnknown(tx, teams, members.added);
    return updateOf(tx, teams, { present, columns: columnsOfGroup }, { name, externalId }, members);
  });
}

/**
 * Deletes a group of a directory, and answers the new revision.
 * @throws NotFoundError, ScimError
 */
export function deleteDirectoryGroup(db: Database, change: DirectoryChange, id: string): Promise<number> {
  const teams = teamsOf(change);
  return commit(db, teams, async (tx) => deletionOf(tx, teams, await presentGroup(tx, change, id)));
}

function teamsOf({ token: { organizationId }, actor, limits }: DirectoryChange): TeamsChange {
  return { organizationId, actor, limits };
}

async function presentGroup(tx: Database, change: DirectoryChange, id: string): Promise<DirectoryGroup> {
  const present = await findDirectoryGroup(tx, change.token.organizationId, id);
  if (!present) throw new NotFoundError();
  checkVersion(change, present);
  return present;
}

async function refuseTaken(tx: Database, teams: TeamsChange, group: { id?: string; name: string }): Promise<void> {
  if (await isNameTaken(tx, teams, 'SCIM', group)) throw taken('displayName');
}

/** Users of other directories are unknown as those who do not exist. */
async function refuseUnknown(
  tx: Database,
  { organizationId }: TeamsChange,
  userIds: ReadonlySet<string>,
): Promise<void> {
  if (userIds.size === 0) return;
  // The known ones are read, and not who is missing: an anti-join with a list compares each of it with each user.
  const known = await tx.query<{ userId: string }>`
    SELECT "userId" FROM ${usersOf(organizationId)} AND "userId" = ANY(${[...userIds]}::text[])`;
  const knownIds = new Set(known.map(({ userId }) => userId));
  const unknown = [...userIds].find((id) => !knownIds.has(id));
  if (unknown !== undefined) {
    throw new ScimError('invalidValue', `members: there is no user ${JSON.stringify(unknown.slice(0, 200))}`);
  }
}
