import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { anApiKey } from '../kit/keys.ts';
import { ReadHistory } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import { aTeam, CreateTeam, memberIdsOf, teamChangesOf } from '../kit/teams.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db } = service;
const { create, created, rename, setMembers, remove } = teamChangesOf(service);
const small = await startService({ limits: { teams: 2, teamMembers: 2 } });

const idsOf = (...users: { id: string }[]) => users.map(({ id }) => id).toSorted();
const refused = (path: string, message: unknown) => ({
  __typename: 'ModelgateValidationError',
  issues: [{ path, message }],
});

/** All that is stored of the teams of an organization. */
const stateOf = ({ organization: { id: organizationId } }: Pick<World, 'organization'>, of = db) =>
  Promise.all([
    of.organization.findUniqueOrThrow({ where: { id: organizationId }, select: { revision: true } }),
    of.team.findMany({ where: { organizationId }, include: { members: true }, orderBy: { id: 'asc' } }),
  ]);

/** The entries of the history, newest first. */
async function historyOf({ organization, owner }: World) {
  const { data } = await ask(ReadHistory, { organizationId: organization.id }, { as: owner });
  return data?.organization?.revisions?.edges.map(({ node }) => node) ?? [];
}

describe('a team that is kept here', () => {
  it('is created with its members by an owner or an admin, and told in the history', async () => {
    const world = await aWorld();
    const { owner, admin, member } = world;

    const first = await create(world, { name: '  Research ', userIds: [member.id, admin.id, member.id] }, owner);
    const second = await create(world, { name: 'Analysis', reason: 'who asks for figures' });

    expect(first).toMatchObject({ __typename: 'Team', name: 'Research', source: 'MANUAL' });
    expect(memberIdsOf(first)).toEqual(idsOf(member, admin));
    expect(second).toMatchObject({ members: { totalCount: 0 }, organization: { revision: 2 } });
    const [last, before] = await historyOf(world);
    expect(last).toMatchObject({ action: 'TEAM_CREATED', actor: { id: admin.id } });
    expect(before).toMatchObject({
      subjectId: first?.__typename === 'Team' && first.id,
      changes: [
        { field: 'members', added: expect.arrayContaining(idsOf(member, admin)), removed: [] },
        { field: 'name', added: ['Research'], removed: [] },
      ],
    });
    const entry = await db.revision.findFirst({ where: { organizationId: world.organization.id, number: 2 } });
    expect(entry?.reason).toBe('who asks for figures');
  });

  it('gets another name', async () => {
    const world = await aWorld();
    const { id: teamId } = await created(world, { name: 'Before', userIds: [world.member.id] });

    const renamed = await rename(world, { teamId, name: 'After' });
    const again = await rename(world, { teamId, name: ' After' });

    expect(renamed).toMatchObject({ name: 'After', members: { totalCount: 1 }, organization: { revision: 2 } });
    expect(again).toEqual(renamed);
    expect((await historyOf(world))[0]).toMatchObject({
      action: 'TEAM_UPDATED',
      changes: [{ field: 'name', added: ['After'], removed: ['Before'] }],
    });
  });

  it('gets other members, all of them or some, and the history tells those alone who join and leave', async () => {
    const world = await aWorld();
    const { owner, admin, member } = world;
    const { id: teamId } = await created(world, { userIds: [member.id] });

    const joined = await setMembers(world, { teamId, addUserIds: [admin.id, member.id] });
    const moved = await setMembers(world, { teamId, addUserIds: [owner.id], removeUserIds: [member.id, 'usr_absent'] });
    const same = await setMembers(world, { teamId, addUserIds: [], removeUserIds: [member.id] });
    const replaced = await setMembers(world, { teamId, userIds: [member.id, owner.id] });
    const emptied = await setMembers(world, { teamId, userIds: [] });

    expect([joined, moved, same, replaced, emptied].map(memberIdsOf)).toEqual([
      idsOf(admin, member),
      idsOf(admin, owner),
      idsOf(admin, owner),
      idsOf(member, owner),
      [],
    ]);
    const changes = (await historyOf(world)).map((entry) => entry.changes);
    expect(changes.slice(0, -1)).toEqual([
      [{ field: 'members', added: [], removed: expect.arrayContaining(idsOf(member, owner)) }],
      [{ field: 'members', added: [member.id], removed: [admin.id] }],
      [{ field: 'members', added: [owner.id], removed: [member.id] }],
      [{ field: 'members', added: [admin.id], removed: [] }],
    ]);
  });

  it('is deleted, and with it who was in it', async () => {
    const world = await aWorld();
    const { id: teamId } = await created(world, { name: 'Gone', userIds: [world.member.id] });

    const deleted = await remove(world, { teamId, reason: 'merged' });
    const again = await remove(world, { teamId });

    expect(deleted).toEqual({ __typename: 'DeleteTeamPayload', deletedId: teamId, revision: 2 });
    expect(again).toMatchObject({ __typename: 'ModelgateNotFoundError' });
    expect(await db.teamMember.count({ where: { teamId } })).toBe(0);
    expect((await historyOf(world))[0]).toMatchObject({
      action: 'TEAM_DELETED',
      subjectId: teamId,
      changes: [
        { field: 'members', added: [], removed: [world.member.id] },
        { field: 'name', added: [], removed: ['Gone'] },
      ],
    });
  });

  it('is not changed at another revision than the expected one', async () => {
    const world = await aWorld();
    const { id: teamId } = await created(world);
    const expectedRevision = 0;
    const before = await stateOf(world);

    const answers = [
      await create(world, { name: 'x', expectedRevision }),
      await rename(world, { teamId, name: 'x', expectedRevision }),
      await setMembers(world, { teamId, userIds: [world.member.id], expectedRevision }),
      await remove(world, { teamId, expectedRevision }),
    ];

    expect(answers.map((answer) => answer?.__typename)).toEqual(Array(4).fill('RevisionConflictError'));
    expect(await stateOf(world)).toEqual(before);
  });

  it('is no matter of API keys', async () => {
    const world = await aWorld();
    const { token } = await anApiKey(service, world, ['READ', 'SETTINGS_WRITE', 'USAGE_WRITE', 'KEYS_USE']);

    const { data } = await ask(CreateTeam, { input: { organizationId: world.organization.id, name: 'x' } }, { token });

    expect(data?.createTeam).toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
  });
});

describe('the name of a team', () => {
  it.each([
    ['nothing', '', 'must not be empty'],
    ['blanks', '  ', 'must not be empty'],
    ['more than 200 characters', 'x'.repeat(201), 'must not be longer than 200 characters'],
    ['a control character', 'a\u0000b', 'must not contain control characters'],
    ['half a character', 'a\ud800', 'must not contain control characters'],
  ])('is not %s', async (_, name, message) => {
    const world = await aWorld();
    const { id: teamId } = await created(world);
    const before = await stateOf(world);

    const answers = [await create(world, { name }), await rename(world, { teamId, name })];

    expect(answers).toMatchObject(Array(2).fill(refused('name', message)));
    expect(await stateOf(world)).toEqual(before);
  });

  it('is that of no other team that is kept here', async () => {
    const world = await aWorld();
    await created(world, { name: 'Research' });
    const { id: teamId } = await created(world, { name: 'Analysis' });
    const before = await stateOf(world);

    const answers = [await create(world, { name: ' Research' }), await rename(world, { teamId, name: 'Research' })];

    expect(answers).toMatchObject(Array(2).fill(refused('name', expect.stringContaining('another team'))));
    expect(await stateOf(world)).toEqual(before);
  });

  it('may be that of a team of the directory, of tokens, or of another organization', async () => {
    const world = await aWorld();
    const other = await aWorld();
    for (const source of ['SCIM', 'CLAIMS'] as const) await aTeam(db, world.organization, { name: 'Research', source });
    await created(other, { name: 'Research' });

    expect(await create(world, { name: 'Research' })).toMatchObject({ __typename: 'Team' });
  });
});

describe('a team that is kept elsewhere', () => {
  it.each(['SCIM', 'CLAIMS'] as const)('is not changed here, and it is told who keeps it: %s', async (source) => {
    const world = await aWorld();
    const { id: teamId } = await aTeam(db, world.organization, { source, members: [world.member] });
    const before = await stateOf(world);

    const answers = [
      await rename(world, { teamId, name: 'x' }),
      await setMembers(world, { teamId, userIds: [] }),
      await remove(world, { teamId }),
    ];

    const error = { __typename: 'ExternalTeamError', code: 'EXTERNAL_TEAM', source };
    expect(answers).toMatchObject([error, error, error]);
    expect(await stateOf(world)).toEqual(before);
  });
});

describe('what is not of the organization', () => {
  it('is answered as what does not exist: a team', async () => {
    const world = await aWorld();
    const foreign = await created(await aWorld());
    const changes = [
      (teamId: string) => rename(world, { teamId, name: 'x' }),
      (teamId: string) => setMembers(world, { teamId, userIds: [world.member.id] }),
      (teamId: string) => remove(world, { teamId }),
    ];

    for (const change of changes) {
      const answer = await change(foreign.id);
      expect(answer).toMatchObject({ __typename: 'ModelgateNotFoundError' });
      for (const absent of [typeid('team').toString(), 'team_\0', '', 'usr_x']) {
        expect(await change(absent)).toEqual(answer);
      }
    }
    expect(await db.team.count({ where: { id: foreign.id, members: { none: {} } } })).toBe(1);
  });

  it('is answered as what does not exist: a user; nothing is written', async () => {
    const world = await aWorld();
    const { member, stranger } = world;
    const { id: teamId } = await created(world);
    const absent = { id: typeid('usr').toString() };
    const before = await stateOf(world);
    const changes = [
      ({ id }: { id: string }) => create(world, { name: 'x', userIds: [member.id, id] }),
      ({ id }: { id: string }) => setMembers(world, { teamId, userIds: [id] }),
      ({ id }: { id: string }) => setMembers(world, { teamId, addUserIds: [member.id, id] }),
    ];
    const told = async (change: (typeof changes)[number], user: { id: string }) =>
      JSON.stringify(await change(user)).replaceAll(user.id, 'ID');

    for (const change of changes) {
      const answer = await told(change, stranger);
      expect(answer).toContain('ID is no member of the organization');
      expect(await told(change, absent)).toBe(answer);
    }
    expect(await stateOf(world)).toEqual(before);
  });
});

describe('a list of users', () => {
  it.each<[string, object, string, string]>([
    ['is none at all', {}, 'userIds', 'is required, or addUserIds or removeUserIds'],
    [
      'is all, and some who join',
      { userIds: [], addUserIds: [] },
      'addUserIds',
      'must not be given beside userIds, which replaces the list',
    ],
    [
      'is all, and some who leave',
      { userIds: [], removeUserIds: [] },
      'removeUserIds',
      'must not be given beside userIds, which replaces the list',
    ],
    [
      'joins and leaves',
      { addUserIds: ['usr_a', 'usr_b'], removeUserIds: ['usr_c', 'usr_b'] },
      'removeUserIds.1',
      'must not be removed: the change adds it',
    ],
    ['is null', { userIds: null }, 'userIds', 'must not be null'],
    ['has something else', { addUserIds: ['team_a'] }, 'addUserIds.0', "must be a user's id: usr_… or user_…"],
    ['has what is no text of a database', { userIds: ['usr_\0'] }, 'userIds.0', "must be a user's id: usr_… or user_…"],
  ])('is refused where it %s', async (_, lists, path, message) => {
    const world = await aWorld();
    const { id: teamId } = await created(world, { userIds: [world.member.id] });
    const before = await stateOf(world);

    expect(await setMembers(world, { teamId, ...lists })).toMatchObject(refused(path, message));
    expect(await stateOf(world)).toEqual(before);
  });
});

describe('the limits', () => {
  const few = teamChangesOf(small);

  it('are of the teams that are kept here, and not of those of a directory', async () => {
    const world = await small.aWorld();
    for (const source of ['SCIM', 'CLAIMS'] as const) await aTeam(small.db, world.organization, { source });
    const { id: teamId } = await few.created(world);
    await few.created(world);

    const one = await few.create(world, { name: 'One too many' });
    await few.remove(world, { teamId });

    expect(one).toMatchObject(refused('', 'There are 2 teams already, and may be 2 at most'));
    expect(await few.create(world, { name: 'In its place' })).toMatchObject({ __typename: 'Team' });
  });

  it('are of the members of a team, and of each list', async () => {
    const world = await small.aWorld();
    const [owner = '', admin = '', member = ''] = [world.owner.id, world.admin.id, world.member.id];
    const { id: teamId } = await few.created(world, { userIds: [owner, admin] });
    const before = await stateOf(world, small.db);
    const tooLong = (path: string) => refused(path, 'must not have more than 2 entries');

    const answers = [
      await few.create(world, { name: 'x', userIds: [owner, admin, member] }),
      await few.setMembers(world, { teamId, userIds: [owner, admin, member] }),
      await few.setMembers(world, { teamId, removeUserIds: ['usr_a', 'usr_b', 'usr_c'] }),
      await few.setMembers(world, { teamId, addUserIds: [member] }),
    ];
    const unchanged = await stateOf(world, small.db);
    const swapped = await few.setMembers(world, { teamId, addUserIds: [member], removeUserIds: [owner] });

    expect(answers).toMatchObject([
      tooLong('userIds'),
      tooLong('userIds'),
      tooLong('removeUserIds'),
      refused('', expect.stringContaining('may be 2 at most')),
    ]);
    expect(unchanged).toEqual(before);
    expect(memberIdsOf(swapped)).toEqual([admin, member].toSorted());
  });

  it('are told where there is one user too many of 100,000, and nothing is written', async () => {
    const large = service.anotherInstance({
      limits: { teamMembers: 100_000, complexity: 100_000, bodyBytes: 10_000_000 },
    });
    const world = await aWorld();
    const before = await stateOf(world);
    const suffix = typeid('x').toString().slice(-20);
    const userIds = Array.from({ length: 100_001 }, (_, index) => `usr_${suffix}${String(index).padStart(6, '0')}`);

    const answer = await teamChangesOf(large).create(world, { name: 'Everybody', userIds });

    expect(answer).toMatchObject(refused('userIds', 'must not have more than 100000 entries'));
    expect(await stateOf(world)).toEqual(before);
  });
});
