import { beforeEach, describe, expect, it } from 'vitest';
import { exceptionsOf, made, RequestException, writtenOf } from '../kit/exceptions.ts';
import { mint } from '../kit/issuer.ts';
import { anApiKey, RevokeApiKey } from '../kit/keys.ts';
import { startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';
import type { World } from '../kit/world.ts';

const hourMs = 60 * 60 * 1000;

let now = new Date();
const clock = () => now;
const service = await startService({ clock });
const { ask, aWorld, db } = service;
const { request, grant, decide } = exceptionsOf(service, clock);
const inTime = (ms: number) => new Date(now.getTime() + ms).toISOString();

beforeEach(() => {
  now = new Date();
});

const stateOf = (world: World) => writtenOf(service, world);

describe('what an exception says', () => {
  it.each([
    ['no model', { models: [] }, 'models'],
    ['an empty name', { models: ['gpt-4o', ' '] }, 'models.1'],
    ['an invisible character', { models: ['gpt-4o\u200b'] }, 'models.0'],
    ['too many models', { models: Array.from({ length: 251 }, (_, index) => `model-${index}`) }, 'models'],
    ['no reason', { reason: '  ' }, 'reason'],
    ['a long reason', { reason: 'x'.repeat(501) }, 'reason'],
    ['a reason with a control character', { reason: 'a\u0000b' }, 'reason'],
  ])('is refused where it has %s, and nothing is written', async (_, given, path) => {
    const world = await aWorld();
    const { admin, member } = world;
    const before = await stateOf(world);

    const answers = [
      await request(world, member, given),
      await grant(world, admin, { subjectId: member.id, ...given }),
    ];

    for (const answer of answers) {
      expect(answer).toMatchObject({ __typename: 'ModelgateValidationError', issues: [{ path }] });
    }
    expect(await stateOf(world)).toEqual(before);
  });

  it('may have 500 characters of reason, and 250 models, also of tomorrow', async () => {
    const world = await aWorld();
    const models = Array.from({ length: 250 }, (_, index) => `model-of-tomorrow-${index}`);

    const requested = made(await request(world, world.member, { models, reason: ` ${'x'.repeat(500)} ` }));

    expect(requested).toMatchObject({ models, reason: 'x'.repeat(500) });
  });

  it.each(['usr_', 'org_abc', 'role_guest', 'role_MEMBER', 'nobody', 'team_a\u0000b', `usr_${'x'.repeat(150)}`, ''])(
    'is refused for what is no subject: %j',
    async (subjectId) => {
      const world = await aWorld();
      const before = await stateOf(world);

      const answer = await grant(world, world.admin, { subjectId });

      expect(answer).toMatchObject({ __typename: 'ModelgateValidationError', issues: [{ path: 'subjectId' }] });
      expect(await stateOf(world)).toEqual(before);
    },
  );
});

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

    expect(absent).toMatchObject({ __typename: 'ModelgateNotFoundError', code: 'NOT_FOUND' });
    for (const subjectId of others) expect(await grant(world, admin, { subjectId })).toEqual(absent);
    expect(await stateOf(world)).toEqual(before);
  });

  it('is looked for again when the request is granted: a team that is gone gets nothing', async () => {
    const world = await aWorld();
    const { organization, admin, member } = world;
    const team = await aTeam(db, organization, { members: [member] });
    const requested = made(await request(world, member, { subjectId: team.id }));
    await db.team.delete({ where: { organizationId_id: { organizationId: organization.id, id: team.id } } });

    expect(await decide(world, admin, requested)).toMatchObject({ code: 'NOT_FOUND' });
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
