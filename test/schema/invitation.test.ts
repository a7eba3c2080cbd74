import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { mint } from '../kit/issuer.ts';
import { anApiKey } from '../kit/keys.ts';
import {
  AcceptInvitation,
  anInvitation,
  InviteMember,
  ListInvitations,
  MyInvitations,
  MyMemberships,
  membersOf,
} from '../kit/members.ts';
import { ReadSettings } from '../kit/operations.ts';
import { restOf } from '../kit/rest.ts';
import { nothingRemembered, type Service, startService } from '../kit/service.ts';
import { aMember, anOrganization, type World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db, heard } = service;
const { invite, revoke, accept, decline, receivedBy, listedTo, remove, rolesIn } = membersOf(service);
const instance = service.anotherInstance();
const forgetful = service.anotherInstance({ cache: nothingRemembered });
const call = restOf(service);

const aNewcomer = () => ({ id: typeid('usr').toString() });
const day = 24 * 60 * 60 * 1000;

async function expire({ id }: { id: string }) {
  await db.invitation.updateMany({ where: { id }, data: { expiresAt: new Date('2026-01-01') } });
}

/** What this person is answered who wants to read. */
async function readsSettings(
  { organization }: World,
  asking: { as?: { id: string }; token?: string },
  of: Pick<Service, 'ask'> = service,
) {
  const { errors } = await of.ask(ReadSettings, { organizationId: organization.id }, asking);
  return errors?.[0]?.extensions.code ?? 'OK';
}

describe('inviteMember', () => {
  it.each(['usr', 'user'])('offers a membership to a user with an id %s_…, for 14 days', async (prefix) => {
    const world = await aWorld();
    const userId = prefix === 'usr' ? aNewcomer().id : 'user_2abcDEF';

    const invited = await invite(world, world.owner, { userId });

    expect(invited).toEqual({
      __typename: 'Invitation',
      id: expect.stringMatching(/^inv_[0-9a-z]{26}$/),
      organizationId: world.organization.id,
      userId,
      role: 'MEMBER',
      state: 'PENDING',
      createdAt: expect.stringMatching(/Z$/),
      expiresAt: expect.stringMatching(/Z$/),
    });
    const { createdAt = '', expiresAt = '' } = invited?.__typename === 'Invitation' ? invited : {};
    expect(new Date(expiresAt).getTime() - new Date(createdAt).getTime()).toBe(14 * day);
  });

  it('tells no more of a user who is known here than of one who never signed in, and makes none', async () => {
    const world = await aWorld();
    const nobody = aNewcomer();
    const outcomeOf = async (userId: string) => {
      forgetful.takeStatements();
      const input = { organizationId: world.organization.id, userId };
      const { data } = await forgetful.ask(InviteMember, { input }, { as: world.owner });
      const { id = '', createdAt = '', expiresAt = '' } = (data?.inviteMember ?? {}) as Record<string, string>;
      const text = [userId, id, createdAt, expiresAt].reduce(
        (told, one) => told.replace(one, '-'),
        JSON.stringify(data),
      );
      return { text, statements: forgetful.takeStatements() };
    };

    expect(await outcomeOf(world.stranger.id)).toEqual(await outcomeOf(nobody.id));
    expect(await db.user.count({ where: { id: nobody.id } })).toBe(0);
    const { data } = await ask(
      'query ($id: ID!) { node(id: $id) { id } }',
      { id: world.stranger.id },
      { as: world.owner },
    );
    expect(data).toEqual({ node: null });
  });

  it('changes nothing of the invited: neither where it is, nor what its REST calls act in', async () => {
    const world = await aWorld();
    const { stranger, foreignOrganization } = world;
    const act = () =>
      call('POST', '/v1/model-configs', { as: stranger, body: { provider: 'openai', modelId: 'gpt-4.1' } });

    await anInvitation(service, world, { userId: stranger.id });

    expect(await act()).toMatchObject({ status: 201, body: { organizationId: foreignOrganization.id } });
    const { data } = await ask(MyMemberships, {}, { as: stranger });
    expect(data?.caller.memberships.map(({ organization }) => organization.id)).toEqual([foreignOrganization.id]);
    expect(await readsSettings(world, { as: stranger })).toBe('ORGANIZATION_ACCESS_DENIED');
    const [invitation] = (await receivedBy(stranger)) ?? [];
    await decline(world, stranger, invitation ?? { id: '' });
    expect(await act()).toMatchObject({ status: 201 });
  });

  it('refuses who is a member, or invited already, and leaves what is', async () => {
    const world = await aWorld();
    const newcomer = aNewcomer();
    await anInvitation(service, world, { userId: newcomer.id });

    const member = await invite(world, world.owner, { userId: world.member.id, role: 'OWNER' });
    const twice = await invite(world, world.owner, { userId: newcomer.id, role: 'OWNER' });

    for (const refused of [member, twice]) {
      expect(refused).toMatchObject({ __typename: 'ModelgateValidationError', issues: [{ path: 'userId' }] });
    }
    expect(await rolesIn(world)).toMatchObject({ [world.member.id]: 'MEMBER' });
    expect(await receivedBy(newcomer)).toMatchObject([{ role: 'MEMBER' }]);
  });

  it.each(['', 'x', 'org_1', 'usr_', 'usr_a\u0000', `usr_${'x'.repeat(121)}`])(
    'refuses "%s", which is no user id',
    async (userId) => {
      const world = await aWorld();

      const refused = await invite(world, world.owner, { userId });

      expect(refused).toMatchObject({ __typename: 'ModelgateValidationError', issues: [{ path: 'userId' }] });
    },
  );

  it('takes the place of an invitation whose time is over', async () => {
    const world = await aWorld();
    const newcomer = aNewcomer();
    const former = await anInvitation(service, world, { userId: newcomer.id });
    await expire(former);

    const { id } = await anInvitation(service, world, { userId: newcomer.id, role: 'ADMIN' });

    expect(await receivedBy(newcomer)).toMatchObject([{ id, role: 'ADMIN' }]);
    expect(await accept(world, newcomer, former)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await listedTo(world, world.owner)).toMatchObject([
      { id, state: 'PENDING' },
      { id: former.id, state: 'EXPIRED' },
    ]);
  });
});

describe('the invitations of an organization', () => {
  it('are listed with the open ones first, then the newest, forwards and backwards, and name nobody', async () => {
    const world = await aWorld();
    const { organization, owner, stranger } = world;
    const [declined, open, accepted, revoked, late] = [stranger, aNewcomer(), aNewcomer(), aNewcomer(), aNewcomer()];
    for (const { id: userId } of [declined, open, accepted, revoked, late]) {
      await anInvitation(service, world, { userId });
    }
    const listed = async () => (await listedTo(world, owner)) ?? [];
    const of = async ({ id }: { id: string }) => (await listed()).find(({ userId }) => userId === id) ?? { id: '' };
    await decline(world, declined, await of(declined));
    await accept(world, accepted, await of(accepted));
    await revoke(world, owner, await of(revoked));
    await expire(await of(late));

    const states = (await listed()).map(({ userId, state }) => [userId, state]);

    expect(states).toEqual([
      [late.id, 'EXPIRED'],
      [open.id, 'PENDING'],
      [revoked.id, 'REVOKED'],
      [accepted.id, 'ACCEPTED'],
      [declined.id, 'DECLINED'],
    ]);
    expect(JSON.stringify(await listed())).not.toContain(stranger.name);
    for (const direction of ['first', 'last'] as const) {
      const pages: string[] = [];
      let cursor: string | null = null;
      do {
        const variables = { organizationId: organization.id, [direction]: 2 };
        const bound: object = cursor === null ? {} : { [direction === 'first' ? 'after' : 'before']: cursor };
        const { data } = await ask(ListInvitations, { ...variables, ...bound }, { as: owner });
        const { edges, pageInfo, totalCount } = data?.organization?.invitations ?? {};
        expect(totalCount).toBe(5);
        const ids = edges?.map(({ node }) => node.userId ?? '') ?? [];
        if (direction === 'first') pages.push(...ids);
        else pages.unshift(...ids);
        const [more, end] =
          direction === 'first'
            ? [pageInfo?.hasNextPage, pageInfo?.endCursor]
            : [pageInfo?.hasPreviousPage, pageInfo?.startCursor];
        cursor = (more && end) || null;
      } while (cursor !== null);
      expect(pages).toEqual(states.map(([userId]) => userId));
    }
  });

  it('are read with a number of statements that does not grow', async () => {
    const world = await aWorld();
    const count = async () => {
      forgetful.takeStatements();
      await forgetful.ask(ListInvitations, { organizationId: world.organization.id }, { as: world.owner });
      return forgetful.takeStatements().length;
    };
    await anInvitation(service, world, { userId: aNewcomer().id });
    const few = await count();
    for (let index = 0; index < 9; index++) await anInvitation(service, world, { userId: aNewcomer().id });

    expect(await count()).toBe(few);
  });
});

describe('caller.invitations', () => {
  it('are those that the user can accept now, newest first, with the name of each organization', async () => {
    const newcomer = aNewcomer();
    const worlds = [await aWorld(), await aWorld(), await aWorld(), await aWorld()];
    const invitations = [];
    for (const world of worlds)
      invitations.push(await anInvitation(service, world, { userId: newcomer.id, role: 'ADMIN' }));
    await expire(invitations[1] ?? { id: '' });
    await revoke(worlds[2] as World, worlds[2]?.owner, invitations[2] ?? { id: '' });

    await forgetful.ask('{ caller { kind } }', {}, { as: newcomer });
    forgetful.takeStatements();
    await forgetful.ask('{ caller { kind } }', {}, { as: newcomer });
    const nothing = forgetful.takeStatements().length;
    const { data } = await forgetful.ask(MyInvitations, {}, { as: newcomer });

    expect(forgetful.takeStatements()).toHaveLength(nothing + 1);
    const [first, , , last] = invitations;
    expect(data?.caller.invitations).toEqual(
      [last, first].map((invitation) => ({
        id: invitation?.id,
        organizationId: invitation?.organizationId,
        organizationName: 'Brightwater',
        role: 'ADMIN',
        createdAt: invitation?.createdAt,
        expiresAt: invitation?.expiresAt,
      })),
    );
  });

  it('are none for the anonymous and for a service', async () => {
    const world = await aWorld();
    const { token } = await anApiKey(service, world, ['READ']);
    await anInvitation(service, world, { userId: world.stranger.id });

    const asked = await ask(MyInvitations, {}, { token });

    expect(asked.data?.caller.invitations).toEqual([]);
    expect(await receivedBy(undefined)).toEqual([]);
  });

  it('are a page of them at most', async () => {
    const newcomer = aNewcomer();
    const small = service.anotherInstance({ limits: { pageSize: 3 } });
    for (let index = 0; index < 4; index++) await anInvitation(service, await aWorld(), { userId: newcomer.id });

    const { data } = await small.ask(MyInvitations, {}, { as: newcomer });

    expect(data?.caller.invitations).toHaveLength(3);
  });
});

describe('acceptInvitation', () => {
  it('makes a member, who may enter in the same request, and on every instance', async () => {
    const world = await aWorld();
    const newcomer = aNewcomer();
    const { id } = await anInvitation(service, world, { userId: newcomer.id, role: 'ADMIN' });
    expect(await readsSettings(world, { as: newcomer }, instance)).toBe('ORGANIZATION_ACCESS_DENIED');

    const { data } = await ask(
      `mutation ($o: ID!, $id: ID!) {
        acceptInvitation(input: { organizationId: $o, invitationId: $id }) {
          ... on Membership { role user { id } permissions organization { name members { totalCount } } }
        }
        updateModelSettings(input: { organizationId: $o, disabledModels: ["x"] }) {
          ... on OrganizationModelSettings { revision }
        }
      }`,
      { o: world.organization.id, id },
      { as: newcomer },
    );
    await heard();

    expect(data).toMatchObject({
      acceptInvitation: {
        role: 'ADMIN',
        user: { id: newcomer.id },
        organization: { name: world.organization.name, members: { totalCount: 4 } },
      },
      updateModelSettings: { revision: 3 },
    });
    for (const of of [service, instance]) expect(await readsSettings(world, { as: newcomer }, of)).toBe('OK');
    expect(await receivedBy(newcomer)).toEqual([]);
  });

  it('gives no entry to a token that names another organization', async () => {
    const world = await aWorld();
    const { stranger, foreignOrganization } = world;
    const { id } = await anInvitation(service, world, { userId: stranger.id });
    const token = await mint({ sub: stranger.id, org_id: foreignOrganization.id, org_role: 'org:member' });
    const seen = await ask(MyInvitations, {}, { token });

    const input = { organizationId: world.organization.id, invitationId: id };
    const { data } = await ask(AcceptInvitation, { input }, { token });
    const beyond = await ask(
      `mutation ($o: ID!) { updateModelSettings(input: { organizationId: $o }) { ... on ModelgateError { code } } }`,
      { o: world.organization.id },
      { token },
    );

    expect(seen.data?.caller.invitations).toMatchObject([{ id }]);
    expect(data?.acceptInvitation).toEqual({ __typename: 'Membership', role: 'MEMBER', user: { id: stranger.id } });
    expect(beyond.data).toEqual({ updateModelSettings: { code: 'ORGANIZATION_ACCESS_DENIED' } });
    expect(await readsSettings(world, { token })).toBe('ORGANIZATION_ACCESS_DENIED');
    expect(await readsSettings(world, { as: stranger })).toBe('OK');
  });

  it('shows such a token nothing of the organization in its own result', async () => {
    const world = await aWorld();
    const { stranger, foreignOrganization } = world;
    const { id } = await anInvitation(service, world, { userId: stranger.id });
    const token = await mint({ sub: stranger.id, org_id: foreignOrganization.id, org_role: 'org:member' });

    const answer = await ask(
      `mutation ($o: ID!, $id: ID!) { acceptInvitation(input: { organizationId: $o, invitationId: $id }) {
        ... on Membership { organization { members { edges { node { user { name } } } } } } } }`,
      { o: world.organization.id, id },
      { token },
    );

    expect(answer.errors?.[0]?.extensions.code).toBe('ORGANIZATION_ACCESS_DENIED');
    expect(JSON.stringify(answer)).not.toContain(world.owner.name);
  });

  it('is told by the ledger as what the new member did, with its role', async () => {
    const world = await aWorld();
    const newcomer = aNewcomer();
    const { id } = await anInvitation(service, world, { userId: newcomer.id, role: 'ADMIN' });
    await accept(world, newcomer, { id });

    const entries = await db.revision.findMany({
      where: { organizationId: world.organization.id },
      orderBy: { number: 'asc' },
    });

    expect(entries).toMatchObject([
      {
        action: 'MEMBER_INVITED',
        actorId: world.owner.id,
        subjectId: id,
        after: { userId: newcomer.id, role: 'ADMIN' },
      },
      {
        action: 'INVITATION_ACCEPTED',
        actorId: newcomer.id,
        subjectId: newcomer.id,
        before: null,
        after: { role: 'ADMIN', invitationId: id },
      },
    ]);
  });

  it('lets nobody in twice, and takes no role away', async () => {
    const world = await aWorld();
    const newcomer = aNewcomer();
    const { id } = await anInvitation(service, world, { userId: newcomer.id });
    await db.user.create({ data: newcomer });
    await db.membership.create({
      data: { organizationId: world.organization.id, userId: newcomer.id, role: 'ADMIN' },
    });

    expect(await accept(world, newcomer, { id })).toMatchObject({ __typename: 'ModelgateValidationError' });
    expect(await rolesIn(world)).toMatchObject({ [newcomer.id]: 'ADMIN' });
  });

  it('lets in who was removed and invited again, though it still seems to be a member', async () => {
    const world = await aWorld();
    await readsSettings(world, { as: world.member });
    await db.membership.deleteMany({ where: { userId: world.member.id } });
    const { id } = await anInvitation(service, world, { userId: world.member.id });

    expect(await accept(world, world.member, { id })).toMatchObject({ __typename: 'Membership' });
  });
});

describe('declineInvitation', () => {
  it('answers what was declined, and tells nobody who the invited is', async () => {
    const world = await aWorld();
    const { organization, owner, stranger } = world;
    const invitation = await anInvitation(service, world, { userId: stranger.id });

    const declined = await decline(world, stranger, invitation);

    expect(declined).toEqual({
      __typename: 'DeclineInvitationPayload',
      organizationId: organization.id,
      invitationId: invitation.id,
    });
    expect(await receivedBy(stranger)).toEqual([]);
    expect(await listedTo(world, owner)).toMatchObject([{ id: invitation.id, state: 'DECLINED' }]);
    const seen = await ask(
      `query ($o: ID!, $u: ID!) {
        node(id: $u) { id }
        organization(id: $o) { revisions { edges { node { action subjectId actor { name } changes { field removed } } } } }
      }`,
      { o: organization.id, u: stranger.id },
      { as: owner },
    );
    expect(seen.data).toMatchObject({
      node: null,
      organization: {
        revisions: {
          edges: [
            { node: { action: 'INVITATION_DECLINED', subjectId: invitation.id, actor: null } },
            { node: { action: 'MEMBER_INVITED' } },
          ],
        },
      },
    });
    expect(JSON.stringify(seen)).not.toContain(stranger.name);
  });
});

describe('revokeInvitation', () => {
  it('takes an open invitation back, once', async () => {
    const world = await aWorld();
    const newcomer = aNewcomer();
    const invitation = await anInvitation(service, world, { userId: newcomer.id });

    const revoked = await revoke(world, world.owner, invitation);
    const again = await revoke(world, world.owner, invitation);

    expect(revoked).toMatchObject({ __typename: 'Invitation', id: invitation.id, state: 'REVOKED' });
    expect(again).toMatchObject({ __typename: 'ModelgateNotFoundError' });
    expect(again).toEqual(await revoke(world, world.owner, { id: 'inv_absent' }));
    expect(await receivedBy(newcomer)).toEqual([]);
  });
});

describe('an invitation that cannot be answered', () => {
  it('is answered as one that does not exist, whatever the cause, and changes nothing', async () => {
    const world = await aWorld();
    const { organization, owner, stranger } = world;
    const [another, me] = [aNewcomer(), { id: stranger.id }];
    const { id: others } = await anInvitation(service, world, { userId: another.id });
    const expired = await anInvitation(service, world, { userId: me.id });
    await expire(expired);
    const declined = await anInvitation(service, world, { userId: me.id });
    await decline(world, me, declined);
    const revoked = await anInvitation(service, world, { userId: me.id });
    await revoke(world, owner, revoked);
    const open = await anInvitation(service, world, { userId: me.id });
    const { revision } = await db.organization.findUniqueOrThrow({ where: { id: organization.id } });
    const tries = [
      [organization.id, 'inv_absent'],
      [organization.id, others],
      [organization.id, expired.id],
      [organization.id, declined.id],
      [organization.id, revoked.id],
      [organization.id, ''],
      [organization.id, 'inv_\u0000'],
      ['org_absent', open.id],
      ['', open.id],
      ['org_\u0000', open.id],
      [world.foreignOrganization.id, open.id],
    ] as const;

    const told = [];
    for (const [organizationId, id] of tries) {
      const place = { organization: { id: organizationId } };
      told.push(await accept(place, me, { id }), await decline(place, me, { id }));
    }

    const refused = {
      __typename: 'ModelgateNotFoundError',
      code: 'NOT_FOUND',
      message: expect.stringContaining('no such open invitation'),
    };
    expect(told).toEqual(told.map(() => refused));
    const { revision: now } = await db.organization.findUniqueOrThrow({ where: { id: organization.id } });
    expect(now).toBe(revision);
    expect(await accept(world, me, open)).toMatchObject({ __typename: 'Membership' });
    expect(await accept(world, me, open)).toEqual(refused);
  });

  it("costs the same statements, whether it is another's or nobody's", async () => {
    const world = await aWorld();
    const { id } = await anInvitation(service, world, { userId: aNewcomer().id });
    const statementsOf = async (organizationId: string, invitationId: string) => {
      forgetful.takeStatements();
      await forgetful.ask(AcceptInvitation, { input: { organizationId, invitationId } }, { as: world.stranger });
      return forgetful.takeStatements();
    };

    const absent = await statementsOf(world.organization.id, 'inv_absent');
    expect(await statementsOf(world.organization.id, id)).toEqual(absent);
    expect(await statementsOf('org_absent', id)).toEqual(absent);
  });

  it('asks the anonymous to sign in', async () => {
    const world = await aWorld();
    const invitation = await anInvitation(service, world, { userId: aNewcomer().id });

    for (const told of [await accept(world, undefined, invitation), await decline(world, undefined, invitation)]) {
      expect(told).toMatchObject({ __typename: 'ModelgateUnauthenticatedError' });
    }
  });
});

describe('the invitations of an owner who is one no more', () => {
  it('are revoked with its role, and with its membership', async () => {
    for (const end of ['setMemberRole', 'removeMember'] as const) {
      const world = await aWorld();
      const rogue = await aMember(db, world.organization, 'OWNER');
      const accomplice = aNewcomer();
      const others = await anInvitation(service, world, { userId: aNewcomer().id });
      const theirs = await anInvitation(service, { ...world, owner: rogue }, { userId: accomplice.id, role: 'OWNER' });

      if (end === 'removeMember') await remove(world, world.owner, rogue.id);
      else await membersOf(service).setRole(world, world.owner, rogue.id, 'ADMIN');

      expect(await accept(world, accomplice, theirs)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await listedTo(world, world.owner)).toMatchObject([
        { id: others.id, state: 'PENDING' },
        { id: theirs.id, state: 'REVOKED' },
      ]);
      const entry = await db.revision.findFirstOrThrow({
        where: { organizationId: world.organization.id },
        orderBy: { number: 'desc' },
      });
      expect(entry.before).toEqual({ role: 'OWNER', invitationIds: [theirs.id] });
    }
  });
});

it('an organization may have invitations of people who are invited elsewhere too', async () => {
  const world = await aWorld();
  const other = await anOrganization(db, 'Fernhill');
  const owner = await aMember(db, other, 'OWNER');
  const newcomer = aNewcomer();

  await anInvitation(service, world, { userId: newcomer.id });
  const invited = await invite({ organization: other }, owner, { userId: newcomer.id });

  expect(invited).toMatchObject({ __typename: 'Invitation' });
  expect(await receivedBy(newcomer)).toHaveLength(2);
});
