import { beforeEach, describe, expect, it } from 'vitest';
import { exceptionsOf, GrantException, made, RequestException, writtenOf } from '../kit/exceptions.ts';
import { mint } from '../kit/issuer.ts';
import { anApiKey, RevokeApiKey } from '../kit/keys.ts';
import { startService } from '../kit/service.ts';
import { aTeam, teamChangesOf } from '../kit/teams.ts';
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

describe('the subject of an exception', () => {
  it('of another organization is answered like one that does not exist, and nothing is written', async () => {
    const world = await aWorld();
    const { admin, foreignOrganization, stranger } = world;
    const theirs = { ...world, organization: foreignOrganization, owner: stranger };
    const foreignKey = await anApiKey(service, theirs, ['READ']);
    const foreignTeam = await aTeam(db, foreignOrganization, { members: [stranger] });
    const revokedKey = await anApiKey(service, world, ['READ']);
    await ask(RevokeApiKey, { input: { id: revokedKey.id } }, { as: world.owner });
    const before = await stateOf(world);

    const absent = await grant(world, admin, { subjectId: 'usr_absent' });
    const others = [stranger.id, foreignTeam.id, foreignKey.id, revokedKey.id, 'team_absent', 'api_absent'];

    expect(absent).toMatchObject({ __typename: 'ModelgateValidationError', issues: [{ path: 'subjectId' }] });
    for (const subjectId of others) expect(await grant(world, admin, { subjectId })).toEqual(absent);
    expect(await stateOf(world)).toEqual(before);
  });

  it('is looked for again when the request is granted: a team that is gone gets nothing', async () => {
    const world = await aWorld();
    const { organization, admin, member } = world;
    const team = await aTeam(db, organization, { members: [member] });
    const requested = made(await request(world, member, { subjectId: team.id }));
    await db.team.delete({ where: { organizationId_id: { organizationId: organization.id, id: team.id } } });

    expect(await decide(world, admin, requested)).toMatchObject({ issues: [{ path: 'subjectId' }] });
    expect(await decide(world, admin, requested, { grant: false })).toMatchObject({ state: 'DENIED' });
  });

  it('of a request is whoever asks, its role, or a team that it is in, and nobody else', async () => {
    const world = await aWorld();
    const { organization, member, admin, stranger } = world;
    const own = await aTeam(db, organization, { members: [member] });
    const other = await aTeam(db, organization, { members: [admin] });

    for (const subjectId of [member.id, own.id, 'role_member']) {
      expect(await request(world, member, { subjectId })).toMatchObject({ subjectId, state: 'REQUESTED' });
    }
    const before = await stateOf(world);
    const refused = await request(world, member, { subjectId: 'usr_absent' });
    expect(refused).toMatchObject({ __typename: 'ModelgateForbiddenError', code: 'INSUFFICIENT_PERMISSIONS' });
    for (const subjectId of [admin.id, stranger.id, other.id, 'role_owner', 'role_admin', 'api_absent']) {
      expect(await request(world, member, { subjectId })).toEqual(refused);
    }
    expect(await stateOf(world)).toEqual(before);
  });

  it('may be somebody whom a token alone makes a member', async () => {
    const world = await aWorld();
    const { organization, admin } = world;
    const token = await mint({ sub: 'usr_by_token', v: 2, o: { id: organization.id, rol: 'member' } });
    const input = { organizationId: organization.id, models: ['gpt-4o'], until: inTime(hourMs), reason: 'A demo' };

    const { data } = await ask(RequestException, { input }, { token });
    const requested = made(data?.requestModelException);

    expect(requested).toMatchObject({ subjectId: 'usr_by_token' });
    expect(await decide(world, admin, requested)).toMatchObject({ state: 'GRANTED' });
  });
});

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

  it('approves what it has requested for a team that it has left since', async () => {
    const world = await aWorld();
    const { organization, owner, admin, member } = world;
    const team = await aTeam(db, organization, { source: 'MANUAL', members: [admin, member] });
    const requested = made(await request(world, admin, { subjectId: team.id }));
    await teamChangesOf(service).setMembers(world, { teamId: team.id, removeUserIds: [admin.id] });

    expect(await decide(world, admin, requested)).toMatchObject(refused);
    expect(await decide(world, owner, requested)).toMatchObject({ state: 'GRANTED' });
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
