import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { anInvitation, membersOf, RemoveMember, SetMemberRole } from '../kit/members.ts';
import { ReadHistory } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import { aMember, type World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db } = service;
const { invite, accept, setRole, remove, rolesIn } = membersOf(service);
const instance = service.anotherInstance();

describe('the last owner', () => {
  it('stays: neither leaves nor steps down', async () => {
    const world = await aWorld();

    const leaving = await remove(world, world.owner, world.owner.id);
    const steppingDown = await setRole(world, world.owner, world.owner.id, 'ADMIN');

    const message = expect.stringContaining('the last owner stays');
    expect(leaving).toMatchObject({ __typename: 'ModelgateValidationError', issues: [{ path: 'userId', message }] });
    expect(steppingDown).toMatchObject({ __typename: 'ModelgateValidationError', issues: [{ path: 'role', message }] });
    expect(await rolesIn(world)).toMatchObject({ [world.owner.id]: 'OWNER' });
  });

  it('remains where two owners act on each other at the same time, from two instances', async () => {
    for (let round = 0; round < 10; round += 1) {
      const world = await aWorld();
      const organizationId = world.organization.id;
      const other = await aMember(db, world.organization, 'OWNER');
      const input = { organizationId, userId: other.id };

      await Promise.all([
        service.ask(RemoveMember, { input }, { as: world.owner }),
        round % 2 === 0
          ? instance.ask(RemoveMember, { input: { organizationId, userId: world.owner.id } }, { as: other })
          : instance.ask(
              SetMemberRole,
              { input: { organizationId, userId: world.owner.id, role: 'MEMBER' } },
              { as: other },
            ),
      ]);

      expect(Object.values(await rolesIn(world)).filter((role) => role === 'OWNER')).toEqual(['OWNER']);
    }
  });
});

describe('changes of members', () => {
  it('are for owners; strangers are told the same of an absent organization', async () => {
    const world = await aWorld();
    const absent = { ...world, organization: { id: 'org_absent', name: '' } };
    const changes = [
      (of: World, as: { id: string } | undefined) => invite(of, as, { userId: typeid('usr').toString() }),
      (of: World, as: { id: string } | undefined) => setRole(of, as, world.owner.id, 'MEMBER'),
      (of: World, as: { id: string } | undefined) => remove(of, as, world.owner.id),
    ];
    const before = await rolesIn(world);

    for (const change of changes) {
      for (const who of [world.admin, world.member]) {
        expect(await change(world, who)).toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
      }
      expect(await change(world, world.stranger)).toEqual(await change(absent, world.stranger));
      expect(await change(world, world.stranger)).toMatchObject({ code: 'ORGANIZATION_ACCESS_DENIED' });
      expect(await change(world, undefined)).toMatchObject({ code: 'AUTHENTICATION_REQUIRED' });
    }
    expect(await rolesIn(world)).toEqual(before);
  });

  it('tell a member of another organization and nobody at all apart in nothing', async () => {
    const world = await aWorld();

    for (const change of [
      (userId: string) => setRole(world, world.owner, userId, 'ADMIN'),
      (userId: string) => remove(world, world.owner, userId),
    ]) {
      const foreign = await change(world.stranger.id);
      expect(foreign).toMatchObject({ __typename: 'ModelgateNotFoundError', code: 'NOT_FOUND' });
      expect(foreign).toEqual(await change('usr_nobody'));
    }
  });

  it('are refused at another revision than the expected one', async () => {
    const world = await aWorld();
    const input = { organizationId: world.organization.id, userId: world.member.id, expectedRevision: 7 };

    const { data } = await ask(RemoveMember, { input }, { as: world.owner });

    expect(data?.removeMember).toMatchObject({ __typename: 'RevisionConflictError' });
    expect(await rolesIn(world)).toMatchObject({ [world.member.id]: 'MEMBER' });
  });

  it('are told by the ledger, with the role before and after', async () => {
    const world = await aWorld();
    const id = typeid('usr').toString();
    const invitation = await anInvitation(service, world, { userId: id, role: 'ADMIN' });
    await accept(world, { id }, invitation);
    await setRole(world, world.owner, id, 'MEMBER');
    await remove(world, world.owner, id);

    const { data } = await ask(ReadHistory, { organizationId: world.organization.id }, { as: world.owner });

    const about = { subjectId: id, actor: { id: world.owner.id } };
    expect(data?.organization?.revisions?.edges.map(({ node }) => node)).toMatchObject([
      { ...about, action: 'MEMBER_REMOVED', changes: [{ field: 'role', added: [], removed: ['MEMBER'] }] },
      { ...about, action: 'MEMBER_ROLE_CHANGED', changes: [{ added: ['MEMBER'], removed: ['ADMIN'] }] },
      {
        subjectId: id,
        actor: { id },
        action: 'INVITATION_ACCEPTED',
        changes: [{ field: 'invitationId' }, { field: 'role', added: ['ADMIN'], removed: [] }],
      },
      { actor: { id: world.owner.id }, action: 'MEMBER_INVITED', subjectId: invitation.id },
    ]);
  });
});
