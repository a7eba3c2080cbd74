import type { Database } from '../../database/pool/client.ts';
import { columnsOf } from '../../database/pool/sql.ts';
import { NotFoundError, ValidationError } from '../../errors/base.ts';
import { ExternalTeamError } from '../../errors/teams.ts';
import { idsOf } from '../input/id.ts';
import { parseInput } from '../input/validation.ts';
import { commit } from '../ledger/ledger.ts';
import { type Team, teamColumns } from './team.ts';
import { creationOf, deletionOf, isNameTaken, type TeamsChange, updateOf } from './team-commit.ts';
import { TeamCreation, TeamDeletion, TeamMembersChange, TeamRenaming } from './team-input.ts';

// The teams that are kept here: those of directories and of tokens are refused.

const columns = columnsOf(teamColumns);

/** Nobody joins or leaves. */
const sameMembers = { replaces: false, added: new Set<string>(), removed: new Set<string>() };

/**
 * Creates a team.
 * @throws ValidationError, RevisionConflictError
 */
export function createTeam(db: Database, change: TeamsChange, input: unknown): Promise<Team> {
  const { name, userIds, ...request } = parseInput(TeamCreation(change.limits), input);
  const members = { ...sameMembers, added: new Set(userIds) };
  return commit(db, { ...change, ...request }, async (tx) => {
    await refuseTaken(tx, change, { name });
    await refuseStrangers(tx, change, members.added, 'userIds');
    return creationOf(tx, change, { source: 'MANUAL', columns }, { name }, members);
  });
}

/**
 * Gives a team another name.
 * @throws NotFoundError, ExternalTeamError, ValidationError, RevisionConflictError
 */
export function renameTeam(db: Database, change: TeamsChange, input: unknown): Promise<Team> {
  const { teamId, name, ...request } = parseInput(TeamRenaming, input);
  return commit(db, { ...change, ...request }, async (tx) => {
    const present = await findManualTeam(tx, change, teamId);
    await refuseTaken(tx, change, { id: teamId, name });
    return updateOf(tx, change, { present, columns }, { name }, sameMembers);
  });
}

/**
 * Changes the members of a team. What changes nobody makes no revision.
 * @throws NotFoundError, ExternalTeamError, ValidationError, RevisionConflictError
 */
export function setTeamMembers(db: Database, change: TeamsChange, input: unknown): Promise<Team> {
  const { teamId, members, path, ...request } = parseInput(TeamMembersChange(change.limits), input);
  return commit(db, { ...change, ...request }, async (tx) => {
    const present = await findManualTeam(tx, change, teamId);
    await refuseStrangers(tx, change, members.added, path);
    return updateOf(tx, change, { present, columns }, { name: present.name }, members);
  });
}

/**
 * Deletes a team, and answers the new revision.
 * @throws NotFoundError, ExternalTeamError, RevisionConflictError, ValidationError
 */
export function deleteTeam(db: Database, change: TeamsChange, input: unknown): Promise<number> {
  const { teamId, ...request } = parseInput(TeamDeletion, input);
  return commit(db, { ...change, ...request }, async (tx) =>
    deletionOf(tx, change, await findManualTeam(tx, change, teamId)),
  );
}

async function findManualTeam(tx: Database, { organizationId }: TeamsChange, id: string): Promise<Team> {
  const [team] = await tx.query<Team>`
    SELECT ${columns} FROM public."Team"
    WHERE "organizationId" = ${organizationId} AND "id" = ANY(${idsOf('team', [id])}::text[])`;
  if (!team) throw new NotFoundError('The organization has no such team');
  if (team.source !== 'MANUAL') throw new ExternalTeamError(team.name, team.source);
  return team;
}

async function refuseTaken(tx: Database, change: TeamsChange, team: { id?: string; name: string }): Promise<void> {
  if (!(await isNameTaken(tx, change, 'MANUAL', team))) return;
  throw new ValidationError([{ path: 'name', message: 'is the name of another team that is kept here' }]);
}

/**
 * Refuses users who are no members of the organization: those of others are answered as those who do not exist. `path` is the list
 * that names them.
 */
async function refuseStrangers(
  tx: Database,
  { organizationId }: TeamsChange,
  userIds: ReadonlySet<string>,
  path: string,
): Promise<void> {
  if (userIds.size === 0) return;
  const rows = await tx.query<{ userId: string }>`
    SELECT "userId" FROM public."Membership"
    WHERE "organizationId" = ${organizationId} AND "userId" = ANY(${[...userIds]}::text[])`;
  const members = new Set(rows.map(({ userId }) => userId));
  const strangers = [...userIds].filter((userId) => !members.has(userId));
  if (strangers.length === 0) return;
  throw new ValidationError(
    strangers.map((userId) => ({ path, message: `${userId} is no member of the organization` })),
  );
}
