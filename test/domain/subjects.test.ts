import { typeid } from 'typeid-js';
import { expect, it } from 'vitest';
import { createDatabase } from '../../src/database/pool/client.ts';
import { findSubjects, findUnknownSubjects } from '../../src/domain/subjects/subject.ts';
import { anApiKey } from '../kit/keys.ts';
import { startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';

const service = await startService();
const { aWorld, database, db } = service;

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

it('a user whom the directory has deactivated belongs to the organization by nothing that tokens have named', async () => {
  const { organization } = await aWorld();
  const organizationId = organization.id;
  const userId = typeid('usr').toString();
  await db.user.create({ data: { id: userId } });
  await aTeam(db, organization, { members: [{ id: userId }] });
  await db.teamsSaid.create({ data: { organizationId, userId, issuedAt: new Date() } });
  expect(await findUnknownSubjects(db, organizationId, [userId])).toEqual([]);

  const times = { createdAt: new Date(), updatedAt: new Date() };
  await db.scimUser.create({
    data: { ...times, organizationId, userId, userName: 'lin', active: false, attributes: {} },
  });

  expect(await findSubjects(db, [{ organizationId, subjectId: userId }])).toEqual([
    { id: userId, role: null, teams: [], isMember: false },
  ]);
});

it('an API key is a subject of its own organization alone, until it is revoked', async () => {
  const world = await aWorld();
  const { organization, foreignOrganization } = world;
  const { id } = await anApiKey(service, world, ['READ']);

  expect(await findUnknownSubjects(db, organization.id, [id])).toEqual([]);
  expect(await findUnknownSubjects(db, foreignOrganization.id, [id])).toEqual([id]);
  await db.apiKey.update({ where: { id }, data: { revokedAt: new Date() } });

  expect(await findUnknownSubjects(db, organization.id, [id])).toEqual([id]);
});
