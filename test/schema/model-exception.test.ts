import { beforeEach, describe, expect, it } from 'vitest';
import { exceptionsOf, GrantException, made, RequestException, writtenOf } from '../kit/exceptions.ts';
import { anApiKey } from '../kit/keys.ts';
import { startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';
import type { World } from '../kit/world.ts';

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

let now = new Date();
const clock = () => now;
const service = await startService({ clock });
const { ask, aWorld, db } = service;
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
    const denied = made(await decide(world, admin, made(await request(world, member)), { grant: false }));
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

describe('who may', () => {
  it('grant, decide and revoke are owners and admins; no API key may, nor request', async () => {
    const world = await aWorld();
    const { organization, admin, member } = world;
    const requested = made(await request(world, member));
    const granted = made(await grant(world, admin, { subjectId: member.id }));
    const { token } = await anApiKey(service, world, ['READ', 'SETTINGS_WRITE']);
    const before = await stateOf(world);
    const refused = { __typename: 'ModelgateForbiddenError', code: 'INSUFFICIENT_PERMISSIONS' };
    const said = { models: ['gpt-4o'], until: inTime(hourMs), reason: 'A demo' };

    expect(await grant(world, member, { subjectId: 'role_owner' })).toMatchObject(refused);
    expect(await decide(world, member, requested)).toMatchObject(refused);
    expect(await revoke(world, member, granted)).toMatchObject(refused);
    const asked = await ask(RequestException, { input: { organizationId: organization.id, ...said } }, { token });
    expect(asked.data?.requestModelException).toMatchObject(refused);
    const input = { organizationId: organization.id, subjectId: member.id, ...said };
    const given = await ask(GrantException, { input }, { token });
    expect(given.data?.grantModelException).toMatchObject(refused);
    expect(await stateOf(world)).toEqual(before);
  });

  it('an exception of another organization is answered like one that does not exist', async () => {
    const world = await aWorld();
    const { foreignOrganization, stranger, admin } = world;
    const theirs = { ...world, organization: foreignOrganization };
    const foreign = made(await grant(theirs, stranger, { subjectId: 'role_member' }));
    const absent = { id: 'exc_absent' };

    expect(await decide(world, admin, foreign)).toEqual(await decide(world, admin, absent));
    expect(await revoke(world, admin, foreign)).toEqual(await revoke(world, admin, absent));
    expect(await revoke(world, admin, { id: 'exc_\u0000' })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await listedTo(theirs, stranger)).toMatchObject([{ id: foreign.id, state: 'GRANTED' }]);
  });

  it('expects another revision changes nothing', async () => {
    const world = await aWorld();
    const { admin, member } = world;
    const requested = made(await request(world, member, { expectedRevision: 0 }));
    const before = await stateOf(world);

    const answers = [
      await request(world, member, { expectedRevision: 0 }),
      await grant(world, admin, { subjectId: member.id, expectedRevision: 0 }),
      await decide(world, admin, requested, { expectedRevision: 0 }),
      await revoke(world, admin, requested, 0),
    ];

    for (const answer of answers) expect(answer).toMatchObject({ __typename: 'RevisionConflictError' });
    expect(await stateOf(world)).toEqual(before);
    expect(await decide(world, admin, requested, { expectedRevision: 1 })).toMatchObject({ state: 'GRANTED' });
  });
});
