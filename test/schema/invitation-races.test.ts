import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { anInvitation, membersOf } from '../kit/members.ts';
import { startService } from '../kit/service.ts';
import { aMember, type World } from '../kit/world.ts';

const service = await startService();
const { aWorld, db } = service;
const here = membersOf(service);
const there = membersOf({ ...service.anotherInstance(), db });
const rounds = [0, 1, 2, 3, 4, 5, 6, 7];

const aNewcomer = () => ({ id: typeid('usr').toString() });

/** Both at once, each round with another one first. */
function race<One, Other>(round: number, one: () => Promise<One>, other: () => Promise<Other>): Promise<[One, Other]> {
  if (round % 2 === 0) return Promise.all([one(), other()]);
  const later = other();
  return Promise.all([one(), later]);
}

const stateOf = async ({ id }: { id: string }) => (await db.invitation.findFirstOrThrow({ where: { id } })).state;
const isMember = async (world: World, { id }: { id: string }) => Object.hasOwn(await here.rolesIn(world), id);

describe('of those who come at once, from two instances', () => {
  it('acceptance and revocation exclude each other', async () => {
    for (const round of rounds) {
      const world = await aWorld();
      const newcomer = aNewcomer();
      const invitation = await anInvitation(service, world, { userId: newcomer.id });

      const [accepted, revoked] = await race(
        round,
        () => here.accept(world, newcomer, invitation),
        () => there.revoke(world, world.owner, invitation),
      );

      const isIn = accepted?.__typename === 'Membership';
      expect(revoked?.__typename).toBe(isIn ? 'ModelgateNotFoundError' : 'Invitation');
      expect(await isMember(world, newcomer)).toBe(isIn);
      expect(await stateOf(invitation)).toBe(isIn ? 'ACCEPTED' : 'REVOKED');
    }
  });

  it('acceptance and decline exclude each other', async () => {
    for (const round of rounds) {
      const world = await aWorld();
      const newcomer = aNewcomer();
      const invitation = await anInvitation(service, world, { userId: newcomer.id });

      const [accepted, declined] = await race(
        round,
        () => here.accept(world, newcomer, invitation),
        () => there.decline(world, newcomer, invitation),
      );

      const isIn = accepted?.__typename === 'Membership';
      expect(declined?.__typename).toBe(isIn ? 'ModelgateNotFoundError' : 'DeclineInvitationPayload');
      expect(await isMember(world, newcomer)).toBe(isIn);
    }
  });

  it('one acceptance counts, and makes one revision', async () => {
    for (const round of rounds) {
      const world = await aWorld();
      const newcomer = aNewcomer();
      const invitation = await anInvitation(service, world, { userId: newcomer.id });

      const told = await race(
        round,
        () => here.accept(world, newcomer, invitation),
        () => there.accept(world, newcomer, invitation),
      );

      expect(told.map((one) => one?.__typename).toSorted()).toEqual(['Membership', 'ModelgateNotFoundError']);
      expect(await db.revision.count({ where: { organizationId: world.organization.id } })).toBe(2);
    }
  });

  it('one invitation of a user is made', async () => {
    const world = await aWorld();
    const input = aNewcomer();

    const told = await Promise.all(
      [here, there, here, there].map(({ invite }) => invite(world, world.owner, { userId: input.id })),
    );

    const names = told.map((one) => one?.__typename);
    expect(names.toSorted()).toEqual([
      'Invitation',
      'ModelgateValidationError',
      'ModelgateValidationError',
      'ModelgateValidationError',
    ]);
  });

  it('no more are invited than may be', async () => {
    const world = await aWorld();
    const limits = { invitations: 3 };
    const instances = [service.anotherInstance({ limits }), service.anotherInstance({ limits })];
    const invite = (index: number) =>
      membersOf({ ...(instances[index % 2] ?? service), db }).invite(world, world.owner, { userId: aNewcomer().id });

    const told = await Promise.all(Array.from({ length: 8 }, (_, index) => invite(index)));

    const made = told.filter((one) => one?.__typename === 'Invitation');
    expect(made).toHaveLength(3);
    expect(told.filter((one) => one?.__typename === 'ModelgateValidationError')).toHaveLength(5);
    await here.revoke(world, world.owner, made[0] as { id: string });
    expect(await invite(0)).toMatchObject({ __typename: 'Invitation' });
  });
});

describe('an owner who loses that role meanwhile', () => {
  it('leaves no open invitation, whichever came first', async () => {
    for (const round of rounds) {
      const world = await aWorld();
      const rogue = await aMember(db, world.organization, 'OWNER');

      await race(
        round,
        () => here.invite(world, rogue, { userId: aNewcomer().id, role: 'OWNER' }),
        () => there.setRole(world, world.owner, rogue.id, 'MEMBER'),
      );

      const where = { organizationId: world.organization.id, state: 'PENDING' as const };
      expect(await db.invitation.count({ where })).toBe(0);
    }
  });

  it('lets nobody in any more who has not accepted before', async () => {
    for (const round of rounds) {
      const world = await aWorld();
      const rogue = await aMember(db, world.organization, 'OWNER');
      const accomplice = aNewcomer();
      const invitation = await anInvitation(service, { ...world, owner: rogue }, { userId: accomplice.id });

      const [accepted] = await race(
        round,
        () => here.accept(world, accomplice, invitation),
        () => there.remove(world, world.owner, rogue.id),
      );

      const entries = await db.revision.findMany({
        where: { organizationId: world.organization.id },
        orderBy: { number: 'asc' },
      });
      const actions = entries.map(({ action }) => action);
      const isIn = accepted?.__typename === 'Membership';
      expect(actions).toEqual(
        isIn ? ['MEMBER_INVITED', 'INVITATION_ACCEPTED', 'MEMBER_REMOVED'] : ['MEMBER_INVITED', 'MEMBER_REMOVED'],
      );
      expect(await isMember(world, accomplice)).toBe(isIn);
    }
  });
});
