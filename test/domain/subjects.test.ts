import { typeid } from 'typeid-js';
import { expect, it } from 'vitest';
import { createDatabase } from '../../src/database/pool/client.ts';
import { findSubjects, findUnknownSubjects } from '../../src/domain/subjects/subject.ts';
import { startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';

const { aWorld, database, db } = await startService();

it('subjects are found by one statement, with what they belong to in that organization', async () => {
  const { organization, foreignOrganization, admin, member, stranger } = await aWorld();
  const team = await aTeam(db, organization, { members: [member] });
  const foreignTeam = await aTeam(db, foreignOrganization, { members: [member, stranger] });
  const statements: string[] = [];
  const counted = createDatabase(database.url, { onQuery: (sql) => void statements.push(sql) });
  const ids = [member.id, admin.id, stranger.id, team.id, foreignTeam.id, 'role_admin', 'api_absent', 'usr_absent'];

  const found = await findSubjects(
    counted,
    ids.map((subjectId) => ({ organizationId: organization.id, subjectId })),
  );
  await counted.$disconnect();

  expect(found).toEqual([
    { id: member.id, role: 'MEMBER', teams: [team.id], isMember: true },
    { id: admin.id, role: 'ADMIN', teams: [], isMember: true },
    { id: stranger.id, role: null, teams: [], isMember: false },
    { id: null, role: null, teams: [team.id], isMember: true },
    { id: foreignTeam.id, role: null, teams: [], isMember: false },
    { id: null, role: 'ADMIN', teams: [], isMember: true },
    { id: 'api_absent', role: null, teams: [], isMember: false },
    { id: 'usr_absent', role: null, teams: [], isMember: false },
  ]);
  expect(statements).toHaveLength(1);
  expect(await findUnknownSubjects(db, organization.id, ids)).toEqual([
    stranger.id,
    foreignTeam.id,
    'api_absent',
    'usr_absent',
  ]);
});

it('a user whose teams a token has named belongs to the organization, without a membership', async () => {
  const { organization, foreignOrganization } = await aWorld();
  const userId = typeid('usr').toString();
  await db.user.create({ data: { id: userId } });
  await db.teamsSaid.create({ data: { organizationId: organization.id, userId, issuedAt: new Date() } });

  const [here, elsewhere] = await findSubjects(db, [
    { organizationId: organization.id, subjectId: userId },
    { organizationId: foreignOrganization.id, subjectId: userId },
  ]);

  expect(here).toEqual({ id: userId, role: null, teams: [], isMember: true });
  expect(elsewhere).toMatchObject({ isMember: false });
});
