import { beforeEach, describe, expect, it } from 'vitest';
import { exceptionsOf, GrantException, ListExceptions, made, RequestException, writtenOf } from '../kit/exceptions.ts';
import { anApiKey } from '../kit/keys.ts';
import { startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';
import type { World } from '../kit/world.ts';

const hourMs = 60 * 60 * 1000;

let now = new Date();
const clock = () => now;
const service = await startService({ clock });
const { ask, aWorld, db } = service;
const { request, grant, decide, revoke, listedTo } = exceptionsOf(service, clock);
const inTime = (ms: number) => new Date(now.getTime() + ms).toISOString();

beforeEach(() => {
  now = new Date();
});

const stateOf = (world: World) => writtenOf(service, world);

describe('who may', () => {
  it('grant and decide are owners and admins; no API key may, nor request', async () => {
    const world = await aWorld();
    const { organization, member } = world;
    const requested = made(await request(world, member));
    const { token } = await anApiKey(service, world, ['READ', 'SETTINGS_WRITE']);
    const before = await stateOf(world);
    const refused = { __typename: 'ModelgateForbiddenError', code: 'INSUFFICIENT_PERMISSIONS' };
    const said = { models: ['gpt-4o'], until: inTime(hourMs), reason: 'A demo' };

    expect(await grant(world, member, { subjectId: 'role_owner' })).toMatchObject(refused);
    expect(await decide(world, member, requested)).toMatchObject(refused);
    const asked = await ask(RequestException, { input: { organizationId: organization.id, ...said } }, { token });
    expect(asked.data?.requestModelException).toMatchObject(refused);
    const input = { organizationId: organization.id, subjectId: member.id, ...said };
    const given = await ask(GrantException, { input }, { token });
    expect(given.data?.grantModelException).toMatchObject(refused);
    expect(await stateOf(world)).toEqual(before);
  });

  it('take a request back is whoever has made it, as long as nobody has decided it', async () => {
    const world = await aWorld();
    const { owner, admin, member } = world;
    const requested = made(await request(world, member));
    const others = [
      made(await request(world, admin)),
      made(await grant(world, owner, { subjectId: member.id })),
      made(await grant(world, owner, { subjectId: 'role_member' })),
    ];
    const before = await stateOf(world);

    const absent = await revoke(world, member, { id: 'exc_absent' });
    expect(absent).toMatchObject({ __typename: 'ModelgateNotFoundError' });
    for (const other of others) expect(await revoke(world, member, other)).toEqual(absent);
    expect(await stateOf(world)).toEqual(before);
    expect(await revoke(world, member, requested)).toMatchObject({ state: 'REVOKED', decidedBy: { id: member.id } });
    const granted = made(await decide(world, admin, made(await request(world, member))));
    expect(await revoke(world, member, granted)).toMatchObject({ code: 'EXCEPTION_STATE', present: 'GRANTED' });
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

describe('the exceptions of an organization', () => {
  it('are all listed to owners and admins, newest first, by pages, state and subject', async () => {
    const world = await aWorld();
    const { organization, owner, admin, member } = world;
    const ended = made(await grant(world, admin, { subjectId: member.id, until: inTime(1) }));
    const granted = made(await grant(world, admin, { subjectId: 'role_member', until: inTime(hourMs) }));
    const requested = made(await request(world, member));
    now = new Date(now.getTime() + 1);
    const idsBy = async (filter: object) => (await listedTo(world, owner, filter))?.map(({ id }) => id);

    expect(await idsBy({})).toEqual([requested.id, granted.id, ended.id]);
    expect(await idsBy({ state: 'GRANTED' })).toEqual([granted.id]);
    expect(await idsBy({ state: 'EXPIRED' })).toEqual([ended.id]);
    expect(await idsBy({ state: 'REQUESTED' })).toEqual([requested.id]);
    expect(await idsBy({ state: 'DENIED' })).toEqual([]);
    expect(await idsBy({ subjectId: member.id })).toEqual([requested.id, ended.id]);
    expect(await idsBy({ subjectId: member.id, state: 'EXPIRED' })).toEqual([ended.id]);

    const page = async (args: object) => {
      const { data } = await ask(ListExceptions, { organizationId: organization.id, ...args }, { as: admin });
      return data?.organization?.modelExceptions;
    };
    const first = await page({ first: 2 });
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    const rest = await page({ first: 2, after: first?.pageInfo.endCursor });
    expect(rest?.edges.map(({ node }) => node.id)).toEqual([ended.id]);
    const back = await page({ last: 1, before: rest?.pageInfo.startCursor });
    expect(back?.edges.map(({ node }) => node.id)).toEqual([granted.id]);
    expect(await page({ filter: { state: 'EXPIRED' } })).toMatchObject({ totalCount: 1 });
  });

  it('are listed to a member where they are for itself, its role, or a team that it is in', async () => {
    const world = await aWorld();
    const { organization, admin, member } = world;
    const team = await aTeam(db, organization, { members: [member] });
    const other = await aTeam(db, organization, { members: [admin] });
    const apiKey = await anApiKey(service, world, ['READ']);
    const granted = [];
    for (const subjectId of [member.id, team.id, 'role_member', other.id, 'role_owner', apiKey.id]) {
      const by = subjectId === other.id ? world.owner : admin;
      granted.push(made(await grant(world, by, { subjectId })));
    }
    const [own, ofTeam, ofRole, , , ofKey] = granted;
    const seen = (as: { id: string }, filter = {}) =>
      listedTo(world, as, filter).then((list) => list?.map(({ id }) => id));

    expect(await seen(member)).toEqual([ofRole?.id, ofTeam?.id, own?.id]);
    expect(await seen(member, { subjectId: other.id })).toEqual([]);
    expect(await seen(member, { subjectId: team.id })).toEqual([ofTeam?.id]);
    const { data } = await ask(ListExceptions, { organizationId: organization.id }, { token: apiKey.token });
    expect(data?.organization?.modelExceptions).toMatchObject({ totalCount: 1, edges: [{ node: { id: ofKey?.id } }] });
    const ids = granted.map(({ id }) => id);
    const nodes = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids }, { as: member });
    expect(nodes.data).toEqual({ nodes: [own, ofTeam, ofRole, null, null, null].map((one) => one && { id: one.id }) });
  });

  it('take no more statements where there are more of them', async () => {
    const world = await aWorld();
    const { organization, admin, member } = world;
    const team = await aTeam(db, organization, { members: [member] });
    const statementsFor = async (as: { id: string }) => {
      await service.heard();
      service.takeStatements();
      await ask(ListExceptions, { organizationId: organization.id }, { as, once: true });
      return service.takeStatements().length;
    };
    made(await grant(world, admin, { subjectId: team.id }));
    // Their first answers are those of people who have just signed in.
    for (const as of [admin, member]) await statementsFor(as);
    const few = [await statementsFor(admin), await statementsFor(member)];

    for (const subjectId of [member.id, team.id, 'role_member', team.id])
      made(await grant(world, admin, { subjectId }));

    expect([await statementsFor(admin), await statementsFor(member)]).toEqual(few);
    expect(await listedTo(world, member)).toHaveLength(5);
  });

  it('cannot be filtered by what is no subject', async () => {
    const { organization, owner } = await aWorld();
    const filter = { subjectId: 'nobody' };

    const { errors } = await ask(ListExceptions, { organizationId: organization.id, filter }, { as: owner });

    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'VALIDATION_ERROR',
      details: { issues: [{ path: 'subjectId' }] },
    });
  });
});
