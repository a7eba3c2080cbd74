import { describe, expect, it } from 'vitest';
import { Dependencies, TrackedDatabase } from '../../src/cache/dependencies.ts';
import { trustedActor } from '../../src/domain/ledger/ledger-entry.ts';
import { setTeamMembers as setTeamMembersBy } from '../../src/domain/teams/team-change.ts';
import { createTeamLoaders } from '../../src/domain/teams/team-loaders.ts';
import { limitsOf } from '../../src/limits.ts';
import { membersOf } from '../kit/members.ts';
import { ReadHistory } from '../kit/operations.ts';
import { aDirectory, aScimUser, patch } from '../kit/scim.ts';
import { type Service, startService } from '../kit/service.ts';
import { aTeam, memberIdsOf, teamChangesOf } from '../kit/teams.ts';
import type { World } from '../kit/world.ts';

const here = await startService();
const { aWorld, db, heard } = here;
const there = here.anotherInstance();
const { created, setMembers, create } = teamChangesOf(here);
const others = teamChangesOf(there);
const { remove: removeMember } = membersOf(here);

/** The ids of the teams of a user, as an instance reads them, and whether that is still current. */
async function teamsAt(instance: Service, { id: organizationId }: { id: string }, { id: userId }: { id: string }) {
  const dependencies = new Dependencies();
  const source = new TrackedDatabase(db, instance.tags, dependencies);
  const { ofUsers } = createTeamLoaders(source, () => ({ organizationIds: [] }));
  const teamIds = await ofUsers.load({ organizationId, userId });
  return { teamIds, isCurrent: () => [...dependencies.tags].every(({ isCurrent }) => isCurrent) };
}

const rounds = [0, 1, 2, 3];

describe('changes of teams that come at once, from two instances', () => {
  it('create one team of a name', async () => {
    for (const _ of rounds) {
      const world = await aWorld();

      const answers = await Promise.all(
        [here, there, here, there].map((of) => teamChangesOf(of).create(world, { name: 'Research' })),
      );

      const types = answers.map((answer) => answer?.__typename);
      expect(types.filter((type) => type === 'Team')).toHaveLength(1);
      expect(types.filter((type) => type === 'ModelgateValidationError')).toHaveLength(3);
      expect(await db.team.count({ where: { organizationId: world.organization.id } })).toBe(1);
    }
  });

  it('all count where they add and remove', async () => {
    const world = await aWorld();
    const { owner, admin, member } = world;
    const { id: teamId } = await created(world, { userIds: [owner.id] });

    await Promise.all([
      setMembers(world, { teamId, addUserIds: [admin.id] }),
      others.setMembers(world, { teamId, addUserIds: [member.id] }),
      others.setMembers(world, { teamId, removeUserIds: [owner.id] }),
    ]);

    const ids = (await db.teamMember.findMany({ where: { teamId } })).map(({ userId }) => userId);
    expect(ids.toSorted()).toEqual([admin.id, member.id].toSorted());
  });

  it('leave nobody in a team who is no member any more', async () => {
    for (const round of rounds) {
      const world = await aWorld();
      const { id: teamId } = await created(world);
      const join = () => others.setMembers(world, { teamId, addUserIds: [world.member.id] });
      const leave = () => removeMember(world, world.owner, world.member.id);

      await Promise.all(round % 2 === 0 ? [join(), leave()] : [leave(), join()]);

      expect(await db.teamMember.count({ where: { teamId } })).toBe(0);
    }
  });
});

describe('a change of a team', () => {
  it('is known in every process once it is acknowledged, of everybody who joins or leaves', async () => {
    await expect.poll(() => there.lease.isHeld).toBe(true);
    const world = await aWorld();
    const { organization, admin, member } = world;
    const { id: teamId } = await created(world, { userIds: [member.id] });
    await heard();
    const read = () =>
      Promise.all([here, there].flatMap((of) => [admin, member].map((user) => teamsAt(of, organization, user))));
    const before = await read();
    const wereCurrent = before.map(({ isCurrent }) => isCurrent());

    await setMembers(world, { teamId, userIds: [admin.id] });
    const areCurrent = before.map(({ isCurrent }) => isCurrent());
    const after = await read();

    expect([wereCurrent, areCurrent]).toEqual([Array(4).fill(true), Array(4).fill(false)]);
    expect(before.map(({ teamIds }) => teamIds)).toEqual([[], [teamId], [], [teamId]]);
    expect(after.map(({ teamIds }) => teamIds)).toEqual([[teamId], [], [teamId], []]);
  });

  it('invalidates the tags of the team and of each of these users, and of nobody else', async () => {
    const world = await aWorld();
    const { organization, owner, admin, member } = world;
    const { id: teamId } = await created(world, { userIds: [owner.id, member.id] });
    const marked = new Set<string | null>();
    const actor = { ...trustedActor, invalidate: (_: string, id: string | null) => void marked.add(id) };

    const change = { organizationId: organization.id, actor, limits: limitsOf() };
    await setTeamMembersBy(db, change, { teamId, userIds: [owner.id, admin.id] });

    expect([...marked].toSorted()).toEqual([teamId, admin.id, member.id].toSorted());
  });
});

describe('a member who leaves the organization', () => {
  /** A team of each kind with these members. */
  async function aTeamOfEachKind(world: World, members: { id: string }[]) {
    const userIds = members.map(({ id }) => id);
    const manual = [await created(world, { userIds }), await created(world, { userIds })].map(({ id }) => id);
    const scim = await aTeam(db, world.organization, { source: 'SCIM', members });
    const claims = await aTeam(db, world.organization, { source: 'CLAIMS', members });
    return { manual: manual.toSorted(), kept: [scim.id, claims.id] };
  }

  const teamIdsOf = async ({ id: userId }: { id: string }) =>
    (await db.teamMember.findMany({ where: { userId } })).map(({ teamId }) => teamId).toSorted();

  async function lastEntryOf({ organization, owner }: World) {
    const { data } = await here.ask(ReadHistory, { organizationId: organization.id, first: 1 }, { as: owner });
    return data?.organization?.revisions?.edges[0]?.node;
  }

  it('leaves the teams that are kept here, in the same change, and no others', async () => {
    const world = await aWorld();
    const elsewhere = await aWorld();
    const { admin, member } = world;
    const { manual, kept } = await aTeamOfEachKind(world, [admin, member]);
    const foreign = await aTeam(db, elsewhere.organization, { source: 'MANUAL', members: [member] });

    await removeMember(world, world.owner, member.id);

    expect(await teamIdsOf(member)).toEqual([...kept, foreign.id].toSorted());
    expect(await teamIdsOf(admin)).toEqual([...manual, ...kept].toSorted());
    expect(await lastEntryOf(world)).toMatchObject({
      action: 'MEMBER_REMOVED',
      changes: [
        { field: 'role', added: [], removed: ['MEMBER'] },
        { field: 'teamIds', added: [], removed: manual },
      ],
    });
  });

  it('does so too where the directory deactivates it, and does not come back to them by itself', async () => {
    const { world, send } = await aDirectory(here);
    const { body: user } = await send('POST', '/Users', aScimUser());
    const { manual, kept } = await aTeamOfEachKind(world, [user]);
    const before = await teamIdsOf(user);

    for (const active of [false, true]) {
      await send('PATCH', `/Users/${user.id}`, patch({ op: 'replace', value: { active } }));
    }

    expect(before).toEqual([...manual, ...kept].toSorted());
    expect(await teamIdsOf(user)).toEqual(kept.toSorted());
    expect(memberIdsOf(await create(world, { name: 'Again', userIds: [user.id] }))).toEqual([user.id]);
  });
});
