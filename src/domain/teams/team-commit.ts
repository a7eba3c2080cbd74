import { typeid } from 'typeid-js';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { TeamSource } from '../../database/generated/prisma/enums.ts';
import type { Database } from '../../database/pool/client.ts';
import { assignmentsOf, countRows, onlyRow, valuesOf } from '../../database/pool/sql.ts';
import type { Limits } from '../../limits.ts';
import { refuseOneMore } from '../input/validation.ts';
import type { Change, Unchanged } from '../ledger/ledger.ts';
import type { Actor } from '../ledger/ledger-entry.ts';
import { teamsKeptBy } from './team.ts';
import {
  applyDifference,
  differenceOf,
  type MembersChange,
  type MembersDifference,
  noMembers,
} from './team-members.ts';

// What `commit` does to a team, whoever keeps it: its entry in the ledger, and the rows. An entry names those alone who join and
// leave: a team may have thousands of members.

/** Whose teams are changed, and by whom. */
export interface TeamsChange {
  organizationId: string;
  actor: Actor;
  limits: Limits;
}

/** How teams are kept, and the columns of the row that is answered. */
interface Kept {
  source: TeamSource;
  columns: Prisma.Sql;
}

/** What is said of a team. */
interface TeamValues {
  name: string;
  externalId?: string | null;
}

/** Whether another team that is kept in the same way has this name; `id` is that of a team that may have it. */
export async function isNameTaken(
  tx: Database,
  { organizationId }: TeamsChange,
  source: TeamSource,
  { id = '', name }: { id?: string; name: string },
): Promise<boolean> {
  const others = Prisma.sql`${teamsKeptBy(source, organizationId)} AND "name" = ${name} AND "id" <> ${id}`;
  return (await countRows(tx, others)) > 0;
}

/** @throws ValidationError for too many teams that are kept in this way, or too many members */
export async function creationOf<Row>(
  tx: Database,
  { organizationId, actor, limits }: TeamsChange,
  { source, columns }: Kept,
  values: TeamValues,
  members: MembersChange,
): Promise<Change<Row>> {
  refuseOneMore(await countRows(tx, teamsKeptBy(source, organizationId)), limits.teams, 'teams');
  const team = { organizationId, teamId: typeid('team').toString() };
  const difference = await differenceOf(tx, team, members, limits);
  return {
    action: 'TEAM_CREATED',
    subjectId: team.teamId,
    before: null,
    after: { name: values.name, members: difference.joining },
    apply: async ({ at }) => {
      invalidateMembers(actor, organizationId, difference);
      const row = { organizationId, id: team.teamId, source, ...values, createdAt: at, updatedAt: at };
      const created = await tx.query<Row>`
        INSERT INTO public."Team" ${valuesOf(row)} RETURNING ${columns}`;
      await applyDifference(tx, team, difference);
      return onlyRow(created);
    },
  };
}

/** @throws ValidationError for too many members */
export async function updateOf<Row extends TeamValues & { id: string }>(
  tx: Database,
  { organizationId, actor, limits }: TeamsChange,
  { present, columns }: { present: Row; columns: Prisma.Sql },
  values: TeamValues,
  members: MembersChange,
): Promise<Change<Row> | Unchanged<Row>> {
  const team = { organizationId, teamId: present.id };
  const difference = await differenceOf(tx, team, members, limits);
  const { joining, leaving } = difference;
  const isSame = values.name === present.name && values.externalId === present.externalId;
  if (isSame && joining.length + leaving.length === 0) return { unchanged: present };

  return {
    action: 'TEAM_UPDATED',
    subjectId: present.id,
    before: { name: present.name, members: leaving },
    after: { name: values.name, members: joining },
    apply: async ({ at }) => {
      invalidateMembers(actor, organizationId, difference);
      await applyDifference(tx, team, difference);
      return onlyRow(
        await tx.query<Row>`
          UPDATE public."Team" SET ${assignmentsOf({ ...values, updatedAt: at })}, "version" = "version" + 1
          WHERE "organizationId" = ${organizationId} AND "id" = ${present.id} RETURNING ${columns}`,
      );
    },
  };
}

/** Answers the new revision. */
export async function deletionOf(
  tx: Database,
  { organizationId, actor, limits }: TeamsChange,
  { id, name }: { id: string; name: string },
): Promise<Change<number>> {
  const difference = await differenceOf(tx, { organizationId, teamId: id }, noMembers, limits);
  return {
    action: 'TEAM_DELETED',
    subjectId: id,
    before: { name, members: difference.leaving },
    after: null,
    apply: async ({ revision }) => {
      invalidateMembers(actor, organizationId, difference);
      await tx.query`DELETE FROM public."Team" WHERE "organizationId" = ${organizationId} AND "id" = ${id}`;
      return revision;
    },
  };
}

/** What users may use depends on their teams: their tags are invalidated with that of the organization. */
function invalidateMembers(actor: Actor, organizationId: string, { joining, leaving }: MembersDifference): void {
  for (const userId of [...joining, ...leaving]) actor.invalidate(organizationId, userId);
}
