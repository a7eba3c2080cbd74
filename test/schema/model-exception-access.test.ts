import { beforeEach, describe, expect, it } from 'vitest';
import { exceptionsOf, GrantException, made, writtenOf } from '../kit/exceptions.ts';
import { mint } from '../kit/issuer.ts';
import { startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';
import { aMember, type World } from '../kit/world.ts';

const hourMs = 60 * 60 * 1000;

let now = new Date();
const clock = () => now;
const service = await startService({ clock });
const { ask, aWorld, db } = service;
const { request, grant, decide, historyOf } = exceptionsOf(service, clock);
const inTime = (ms: number) => new Date(now.getTime() + ms).toISOString();

beforeEach(() => {
  now = new Date();
});

const stateOf = (world: World) => writtenOf(service, world);

describe('nobody', () => {
  const refused = { __typename: 'ModelgateForbiddenError', code: 'INSUFFICIENT_PERMISSIONS' };

  it('grants an exception for itself, its role, or a team that it is in', async () => {
    const world = await aWorld();
    const { organization, owner, admin, member } = world;
    const team = await aTeam(db, organization, { members: [admin, member] });
    const before = await stateOf(world);

    for (const [who, subjectId] of [
      [owner, owner.id],
      [owner, 'role_owner'],
      [admin, admin.id],
      [admin, 'role_admin'],
      [admin, team.id],
    ] as const) {
      expect(await grant(world, who, { subjectId })).toMatchObject(refused);
    }
    expect(await stateOf(world)).toEqual(before);
    expect(await grant(world, owner, { subjectId: team.id })).toMatchObject({ state: 'GRANTED' });
    expect(await grant(world, owner, { subjectId: 'role_admin' })).toMatchObject({ state: 'GRANTED' });
  });

  it('approves its own request, nor one for its role or team; it may deny it, and another may grant it', async () => {
    const world = await aWorld();
    const { organization, owner, admin, member } = world;
    const team = await aTeam(db, organization, { members: [admin, member] });
    const requests = [
      made(await request(world, admin)),
      made(await request(world, admin, { subjectId: 'role_admin' })),
      made(await request(world, member, { subjectId: team.id })),
    ];

    for (const one of requests) {
      expect(await decide(world, admin, one)).toMatchObject(refused);
      expect(await decide(world, owner, one)).toMatchObject({ state: 'GRANTED' });
    }
    expect(await decide(world, admin, made(await request(world, admin)), { grant: false })).toMatchObject({
      state: 'DENIED',
    });
  });

  it('but the only owner or admin of an organization, and then the history says so', async () => {
    const world = await aWorld();
    const { organization, owner, admin, member } = world;
    await db.membership.update({
      where: { organizationId_userId: { organizationId: organization.id, userId: admin.id } },
      data: { role: 'MEMBER' },
    });
    await service.heard();
    const mine = made(await request(world, owner));

    expect(await grant(world, owner, { subjectId: 'role_owner' })).toMatchObject({ state: 'GRANTED' });
    expect(await decide(world, owner, mine)).toMatchObject({ state: 'GRANTED' });
    expect(await grant(world, owner, { subjectId: member.id })).toMatchObject({ state: 'GRANTED' });
    const [forMember, decided, granted] = await historyOf(world);
    expect([granted?.changes.selfGranted, decided?.changes.selfGranted]).toEqual([['true'], ['true']]);
    expect(forMember?.changes).not.toHaveProperty('selfGranted');

    await aMember(db, organization, 'ADMIN');
    expect(await grant(world, owner, { subjectId: owner.id })).toMatchObject(refused);
  });

  it('whose role a token says, since others may have theirs by tokens too', async () => {
    const world = await aWorld();
    const { foreignOrganization } = world;
    await db.membership.deleteMany({ where: { organizationId: foreignOrganization.id } });
    const token = await mint({ sub: 'usr_lonely', v: 2, o: { id: foreignOrganization.id, rol: 'admin' } });
    const said = { models: ['gpt-4o'], until: inTime(hourMs), reason: 'A demo' };
    const input = { organizationId: foreignOrganization.id, subjectId: 'usr_lonely', ...said };
    await aMember(db, foreignOrganization, 'MEMBER');

    const others = await ask(GrantException, { input: { ...input, subjectId: 'role_member' } }, { token });
    await db.membership.create({
      data: { organizationId: foreignOrganization.id, userId: 'usr_lonely', role: 'MEMBER' },
    });
    const own = await ask(GrantException, { input }, { token });

    expect(others.data?.grantModelException).toMatchObject({ state: 'GRANTED' });
    expect(own.data?.grantModelException).toMatchObject(refused);
  });
});

describe('the number of exceptions', () => {
  it('that are open is limited: those that are denied, revoked or over do not count', async () => {
    const world = await aWorld();
    const { admin, member } = world;
    const few = exceptionsOf(service.anotherInstance({ clock, limits: { exceptions: 2 } }), clock);
    const requested = made(await few.request(world, member));
    made(await few.grant(world, admin, { subjectId: member.id, until: inTime(hourMs) }));
    const full = { __typename: 'ModelgateValidationError', message: expect.stringContaining('2 open exceptions') };

    expect(await few.grant(world, admin, { subjectId: member.id })).toMatchObject(full);
    expect(await few.request(world, member)).toMatchObject(full);
    expect(await few.decide(world, admin, requested)).toMatchObject({ state: 'GRANTED' });
    expect(await few.grant(world, admin, { subjectId: member.id })).toMatchObject(full);
    made(await few.revoke(world, admin, requested));
    expect(await few.request(world, member)).toMatchObject({ state: 'REQUESTED' });
    now = new Date(now.getTime() + hourMs);
    expect(await few.grant(world, admin, { subjectId: member.id })).toMatchObject({ state: 'GRANTED' });
  });

  it('that one user waits for is limited, so that it cannot use up those of the organization', async () => {
    const world = await aWorld();
    const { admin, member } = world;
    const few = exceptionsOf(service.anotherInstance({ clock, limits: { exceptionRequests: 1 } }), clock);
    const requested = made(await few.request(world, member));

    expect(await few.request(world, member)).toMatchObject({ __typename: 'ModelgateValidationError' });
    expect(await few.request(world, admin)).toMatchObject({ state: 'REQUESTED' });
    made(await few.decide(world, admin, requested));
    expect(await few.request(world, member)).toMatchObject({ state: 'REQUESTED' });
  });
});
