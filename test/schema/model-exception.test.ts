import { beforeEach, describe, expect, it } from 'vitest';
import { aliasesOf } from '../kit/aliases.ts';
import { exceptionsOf, made, writtenOf } from '../kit/exceptions.ts';
import { anApiKey } from '../kit/keys.ts';
import { startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';
import type { World } from '../kit/world.ts';

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

let now = new Date();
const clock = () => now;
const service = await startService({ clock });
const { aWorld, db } = service;
const { request, grant, decide, revoke, historyOf, listedTo } = exceptionsOf(service, clock);
const inTime = (ms: number) => new Date(now.getTime() + ms).toISOString();

beforeEach(() => {
  now = new Date();
});

const stateOf = (world: World) => writtenOf(service, world);

describe('an exception', () => {
  it('is requested by a member for itself, granted by an admin, and each step is a revision', async () => {
    const world = await aWorld();
    const { organization, admin, member } = world;
    const until = inTime(2 * dayMs);

    const requested = made(await request(world, member, { models: [' GPT-4O ', 'gpt-4o'], until }));
    const granted = made(await decide(world, admin, requested, { until: inTime(hourMs) }));

    expect(requested).toMatchObject({
      organization: { id: organization.id },
      ...{ subjectId: member.id, models: ['gpt-4o'], state: 'REQUESTED', until, reason: 'The offer to Acme' },
      ...{ requestedBy: { id: member.id }, decidedBy: null, decidedAt: null },
    });
    expect(granted).toMatchObject({
      id: requested.id,
      state: 'GRANTED',
      until: inTime(hourMs),
      decidedBy: { id: admin.id },
    });
    expect(granted.decidedAt).not.toBe(null);
    expect(await historyOf(world)).toMatchObject([
      {
        number: 2,
        action: 'MODEL_EXCEPTION_GRANTED',
        subjectId: requested.id,
        actor: admin.id,
        changes: { state: ['GRANTED'] },
      },
      {
        ...{ number: 1, action: 'MODEL_EXCEPTION_REQUESTED', subjectId: requested.id, actor: member.id },
        changes: { subjectId: [member.id], models: ['gpt-4o'], state: ['REQUESTED'], until: [until] },
      },
    ]);
  });

  it('tells which of its models the catalog does not have: an alias of the organization is none', async () => {
    const world = await aWorld();
    await aliasesOf(service).set(world, 'fast', ['gpt-4o-mini']);

    const requested = made(
      await request(world, world.member, { models: ['gpt-4o', 'gtp-4o', 'fast', 'gpt-9*', 'gpt-5*'] }),
    );

    expect(requested.deadSelectors).toEqual(['gtp-4o', 'fast', 'gpt-9*']);
  });

  it('is granted unasked to a member, a team, a role or an API key', async () => {
    const world = await aWorld();
    const { organization, admin, member } = world;
    const team = await aTeam(db, organization, { members: [member] });
    const apiKey = await anApiKey(service, world, ['READ']);

    for (const subjectId of [member.id, team.id, 'role_member', 'role_owner', apiKey.id]) {
      const granted = await grant(world, admin, { subjectId });
      expect(granted).toMatchObject({ subjectId, state: 'GRANTED', requestedBy: null, decidedBy: { id: admin.id } });
    }
    const [last] = await historyOf(world);
    expect(last).toMatchObject({
      action: 'MODEL_EXCEPTION_GRANTED',
      changes: { subjectId: [apiKey.id], state: ['GRANTED'] },
    });
    expect(last?.changes).not.toHaveProperty('selfGranted');
  });

  it('is denied, or revoked, and then nothing more can become of it', async () => {
    const world = await aWorld();
    const { admin, member, owner } = world;
    const why = { grant: false, reason: ' Too dear ' };
    const denied = made(await decide(world, admin, made(await request(world, member)), why));
    const revoked = made(await revoke(world, owner, made(await grant(world, admin, { subjectId: member.id }))));
    const takenBack = made(await revoke(world, admin, made(await request(world, member))));
    const before = await stateOf(world);

    expect([denied, revoked, takenBack]).toMatchObject([
      { state: 'DENIED', decidedBy: { id: admin.id } },
      { state: 'REVOKED', decidedBy: { id: owner.id } },
      { state: 'REVOKED', decidedBy: { id: admin.id } },
    ]);
    expect((await historyOf(world)).map(({ action }) => action)).toEqual(
      ['REVOKED', 'REQUESTED', 'REVOKED', 'GRANTED', 'DENIED', 'REQUESTED'].map((step) => `MODEL_EXCEPTION_${step}`),
    );
    const where = { organizationId: world.organization.id, action: 'MODEL_EXCEPTION_DENIED' };
    expect(await db.revision.findFirst({ where })).toMatchObject({ reason: 'Too dear' });
    for (const one of [denied, revoked, takenBack]) {
      const refused = { __typename: 'ExceptionStateError', code: 'EXCEPTION_STATE', present: one.state };
      expect(await decide(world, admin, one)).toMatchObject(refused);
      expect(await decide(world, admin, one, { grant: false })).toMatchObject(refused);
      expect(await revoke(world, admin, one)).toMatchObject(refused);
    }
    expect(await stateOf(world)).toEqual(before);
  });

  it('ends by the clock, and then is no more revoked', async () => {
    const world = await aWorld();
    const { admin, member } = world;
    const granted = made(await grant(world, admin, { subjectId: member.id, until: inTime(hourMs) }));

    now = new Date(now.getTime() + hourMs - 1);
    expect(await listedTo(world, member)).toMatchObject([{ id: granted.id, state: 'GRANTED' }]);
    now = new Date(now.getTime() + 1);
    expect(await listedTo(world, member)).toMatchObject([{ id: granted.id, state: 'EXPIRED' }]);
    expect(await revoke(world, admin, granted)).toMatchObject({ code: 'EXCEPTION_STATE', present: 'EXPIRED' });
    expect(await decide(world, admin, granted)).toMatchObject({ code: 'EXCEPTION_STATE', present: 'EXPIRED' });
  });
});

describe('the end of an exception', () => {
  it.each([
    ['past', -1],
    ['now', 0],
    ['beyond the bound', 90 * dayMs + 1],
  ])('must not be %s, neither of a request nor of a grant', async (_, ms) => {
    const world = await aWorld();
    const { admin, member } = world;
    const before = await stateOf(world);

    const answers = [
      await request(world, member, { until: inTime(ms) }),
      await grant(world, admin, { subjectId: member.id, until: inTime(ms) }),
    ];

    for (const answer of answers) {
      expect(answer).toMatchObject({ __typename: 'ModelgateValidationError', issues: [{ path: 'until' }] });
    }
    expect(await stateOf(world)).toEqual(before);
  });

  it('may be as far away as the bound, which the service sets', async () => {
    const world = await aWorld();
    const { member } = world;
    const strict = exceptionsOf(service.anotherInstance({ clock, limits: { exceptionDays: 1 } }), clock);

    expect(await request(world, member, { until: inTime(90 * dayMs) })).toMatchObject({ state: 'REQUESTED' });
    expect(await strict.request(world, member, { until: inTime(dayMs) })).toMatchObject({ state: 'REQUESTED' });
    expect(await strict.request(world, member, { until: inTime(dayMs + 1) })).toMatchObject({
      issues: [{ path: 'until' }],
    });
  });

  it('is checked again when it is decided, whoever gives it', async () => {
    const world = await aWorld();
    const { admin, member } = world;
    const requested = made(await request(world, member, { until: inTime(hourMs) }));
    const before = await stateOf(world);
    const invalid = { __typename: 'ModelgateValidationError', issues: [{ path: 'until' }] };

    expect(await decide(world, admin, requested, { until: inTime(-1) })).toMatchObject(invalid);
    expect(await decide(world, admin, requested, { until: inTime(91 * dayMs) })).toMatchObject(invalid);
    expect(await decide(world, admin, requested, { grant: false, until: inTime(1) })).toMatchObject(invalid);
    now = new Date(now.getTime() + hourMs);
    expect(await decide(world, admin, requested)).toMatchObject(invalid);
    expect(await stateOf(world)).toEqual(before);
    expect(await decide(world, admin, requested, { until: inTime(1) })).toMatchObject({ state: 'GRANTED' });
  });
});

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

  it('that are granted is limited by the length of their models too, which every decision reads', async () => {
    const world = await aWorld();
    const { owner, admin, member } = world;
    const models = Array.from({ length: 250 }, (_, index) => `${index}`.padEnd(190, 'x'));
    const long = { subjectId: member.id, models };
    const tooLong = { __typename: 'ModelgateValidationError', issues: [{ path: 'models' }] };
    const requested = made(await request(world, member, { models }));
    for (let count = 1; count <= 10; count++) made(await grant(world, admin, long));

    expect(await grant(world, admin, long)).toMatchObject(tooLong);
    expect(await decide(world, admin, requested)).toMatchObject(tooLong);
    expect(await grant(world, admin, { subjectId: member.id })).toMatchObject({ state: 'GRANTED' });
    now = new Date(now.getTime() + hourMs);
    expect(await decide(world, owner, requested, { until: inTime(hourMs) })).toMatchObject({ state: 'GRANTED' });
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
