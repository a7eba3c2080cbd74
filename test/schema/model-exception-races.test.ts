import { describe, expect, it } from 'vitest';
import { exceptionsOf, made } from '../kit/exceptions.ts';
import { membersOf } from '../kit/members.ts';
import { startService } from '../kit/service.ts';
import { aMember } from '../kit/world.ts';

const clock = () => new Date();
const service = await startService({ clock });
const { aWorld, db } = service;
const other = service.anotherInstance();
const here = exceptionsOf(service, clock);
const there = exceptionsOf(other, clock);
const rounds = [0, 1, 2, 3, 4, 5];

describe('of those who come at once, to two instances', () => {
  it('one decides a request, and the other is told that it is decided', async () => {
    for (const round of rounds) {
      const world = await aWorld();
      const { organization, owner, admin, member } = world;
      const requested = made(await here.request(world, member));
      const grant = round % 2 === 0;

      const told = await Promise.all([
        here.decide(world, owner, requested, { grant }),
        there.decide(world, admin, requested, { grant: !grant }),
      ]);

      expect(told.map((one) => one?.__typename).toSorted()).toEqual(['ExceptionStateError', 'ModelException']);
      const stored = await db.modelException.findFirstOrThrow({ where: { id: requested.id } });
      expect(told).toContainEqual(expect.objectContaining({ state: stored.state }));
      expect(told).toContainEqual(expect.objectContaining({ code: 'EXCEPTION_STATE', present: stored.state }));
      expect(await db.revision.count({ where: { organizationId: organization.id } })).toBe(2);
    }
  });

  it('no more get an exception than may have one', async () => {
    const world = await aWorld();
    const limits = { exceptions: 3 };
    const instances = [0, 1].map(() => exceptionsOf(service.anotherInstance({ clock, limits }), clock));

    const told = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        instances[index % 2]?.grant(world, world.admin, { subjectId: world.member.id }),
      ),
    );

    expect(told.filter((one) => one?.__typename === 'ModelException')).toHaveLength(3);
    expect(told.filter((one) => one?.__typename === 'ModelgateValidationError')).toHaveLength(5);
  });

  it('the only admin grants nothing to itself once there is another one', async () => {
    for (const round of rounds) {
      const world = await aWorld();
      const { organization, owner, admin, member } = world;
      const { setRole } = membersOf({ ...other, db });
      await db.membership.updateMany({
        where: { organizationId: organization.id, userId: admin.id },
        data: { role: 'MEMBER' },
      });
      await service.heard();

      const granting = () => here.grant(world, owner, { subjectId: owner.id });
      const promoting = () => setRole(world, owner, member.id, 'ADMIN');
      const told = round % 2 === 0 ? [granting(), promoting()] : [promoting(), granting()];
      await Promise.all(told);

      const entries = await db.revision.findMany({
        where: { organizationId: organization.id },
        orderBy: { number: 'asc' },
      });
      expect([['MODEL_EXCEPTION_GRANTED', 'MEMBER_ROLE_CHANGED'], ['MEMBER_ROLE_CHANGED']]).toContainEqual(
        entries.map(({ action }) => action),
      );
    }
  });

  it('an admin who loses that role meanwhile decides nothing afterwards', async () => {
    for (const round of rounds) {
      const world = await aWorld();
      const { organization, owner, member } = world;
      const rogue = await aMember(db, organization, 'ADMIN');
      const { setRole } = membersOf({ ...other, db });
      const requested = made(await here.request(world, member));

      const granting = () => here.decide(world, rogue, requested);
      const demoting = () => setRole(world, owner, rogue.id, 'MEMBER');
      await Promise.all(round % 2 === 0 ? [granting(), demoting()] : [demoting(), granting()]);

      const entries = await db.revision.findMany({
        where: { organizationId: organization.id },
        orderBy: { number: 'asc' },
      });
      const actions = entries.slice(1).map(({ action }) => action);
      expect([['MODEL_EXCEPTION_GRANTED', 'MEMBER_ROLE_CHANGED'], ['MEMBER_ROLE_CHANGED']]).toContainEqual(actions);
    }
  });
});
