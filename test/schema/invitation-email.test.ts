import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { graphql } from '../generated/gql.ts';
import { mint } from '../kit/issuer.ts';
import { AcceptInvitation, InviteMember, MyInvitations, membersOf } from '../kit/members.ts';
import { startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const service = await startService({ invitationUrl: 'https://app.example/join/{organizationId}?i={invitationId}' });
const { ask, aWorld, db } = service;
const { rolesIn } = membersOf(service);
const silent = service.anotherInstance({ invitationUrl: undefined });

const InviteByEmail = graphql(`
  mutation InviteByEmail($input: InviteMemberInput!) {
    inviteMember(input: $input) {
      __typename
      ... on Invitation {
        id
        userId
        email
        link
        role
      }
      ...RefusalFields
    }
  }
`);

let count = 0;
const anAddress = () => {
  count += 1;
  return `person${count}@acme.example`;
};
const invite = async ({ organization, owner }: World, input: object) => {
  const { data } = await ask(InviteByEmail, { input: { organizationId: organization.id, ...input } }, { as: owner });
  return data?.inviteMember;
};
const invited = async (world: World, input: object) => {
  const result = await invite(world, input);
  if (result?.__typename !== 'Invitation') throw new Error(JSON.stringify(result));
  return result;
};
const tokenOf = (claims: object, sub: string = typeid('usr').toString()) =>
  mint({ sub, email_verified: true, ...claims });
const received = async (token: string) => {
  const { data } = await ask(MyInvitations, {}, { token });
  return data?.caller.invitations.map(({ id }) => id);
};
const accept = async ({ organization }: World, invitationId: string, token: string) => {
  const { data } = await ask(AcceptInvitation, { input: { organizationId: organization.id, invitationId } }, { token });
  return data?.acceptInvitation;
};

describe('an invitation by e-mail address', () => {
  it('has a link, and is accepted by whoever signs in with the address, verified, in whatever case', async () => {
    const world = await aWorld();
    const email = anAddress();

    const { id, ...invitation } = await invited(world, { email: ` ${email.toUpperCase()} `, role: 'ADMIN' });
    expect(invitation).toMatchObject({
      userId: null,
      email,
      role: 'ADMIN',
      link: `https://app.example/join/${world.organization.id}?i=${id}`,
    });
    const userId = typeid('usr').toString();
    const token = await tokenOf({ email: email.replace('p', 'P') }, userId);
    expect(await received(token)).toEqual([id]);
    expect(await accept(world, id, token)).toMatchObject({ __typename: 'Membership', role: 'ADMIN' });
    expect((await rolesIn(world))[userId]).toBe('ADMIN');
    expect(await received(token)).toEqual([]);
    expect(await accept(world, id, await tokenOf({ email }))).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is in the ledger as the address, and its acceptance as the user', async () => {
    const world = await aWorld();
    const email = anAddress();
    const { id } = await invited(world, { email });
    const sub = typeid('usr').toString();
    await accept(world, id, await tokenOf({ email, act: { sub: 'support' } }, sub));

    expect(
      await db.revision.findMany({ where: { organizationId: world.organization.id }, orderBy: { number: 'asc' } }),
    ).toMatchObject([
      { action: 'MEMBER_INVITED', subjectId: id, after: { email, role: 'MEMBER' } },
      { action: 'INVITATION_ACCEPTED', subjectId: sub, actorId: sub, impersonatedBy: 'support' },
    ]);
  });

  it.each([
    ['that was not verified', { email_verified: false }],
    ['of which nothing is said', { email_verified: undefined }],
    ['that is another', { email: 'someone@else.example' }],
    ['that only begins so', { email: 'person@acme.example.evil.example' }],
    ['in a list', { email: ['person@acme.example'] }],
  ])('is nobody’s with an address %s', async (_, claims) => {
    const world = await aWorld();
    const email = anAddress();
    const { id } = await invited(world, { email });
    const token = await tokenOf({ email, ...claims });

    expect(await received(token)).toEqual([]);
    expect(await accept(world, id, token)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('does not tell whether the address is that of a member, or of anybody', async () => {
    const world = await aWorld();
    const email = anAddress();
    await ask(MyInvitations, {}, { token: await tokenOf({ email }, world.member.id) });

    expect(await invited(world, { email })).toMatchObject({ email });
    const [own] = (await received(await tokenOf({ email }, world.member.id))) ?? [];
    expect(await accept(world, own ?? '', await tokenOf({ email }, world.member.id))).toMatchObject({
      code: 'VALIDATION_ERROR',
    });
  });

  it('is one for an address, also of several made at once, until it is over', async () => {
    const world = await aWorld();
    const email = anAddress();

    const results = await Promise.all(Array.from({ length: 6 }, () => invite(world, { email })));

    expect(results.filter((result) => result?.__typename === 'Invitation')).toHaveLength(1);
    expect(await invite(world, { email: email.toUpperCase() })).toMatchObject({ issues: [{ path: 'email' }] });
    await db.invitation.updateMany({ where: { email }, data: { expiresAt: new Date('2026-01-01') } });
    expect(await invited(world, { email })).toMatchObject({ email });
  });

  it.each([
    [{}, 'userId'],
    [{ userId: null, email: null }, 'userId'],
    [{ userId: 'usr_a', email: 'a@b.example' }, 'email'],
    [{ email: 'nobody' }, 'email'],
    [{ email: '' }, 'email'],
    [{ email: `${'x'.repeat(250)}@b.example` }, 'email'],
    [{ email: 'a@b.example\u0000' }, 'email'],
  ])('is refused where it is %j, and nothing is written', async (input, path) => {
    const world = await aWorld();

    expect(await invite(world, input)).toMatchObject({ code: 'VALIDATION_ERROR', issues: [{ path }] });
    expect(await db.invitation.count({ where: { organizationId: world.organization.id } })).toBe(0);
  });

  it('has no link where no page is set, and is for owners alone', async () => {
    const { organization, owner, admin, stranger } = await aWorld();
    const input = { organizationId: organization.id, email: anAddress() };

    const { data } = await silent.ask(InviteByEmail, { input }, { as: owner });
    expect(data?.inviteMember).toMatchObject({ link: null });
    for (const as of [admin, stranger]) {
      const refused = await ask(InviteMember, { input: { ...input, email: anAddress() } }, { as });
      expect(refused.data?.inviteMember).toMatchObject({ __typename: 'ModelgateForbiddenError' });
    }
  });
});
