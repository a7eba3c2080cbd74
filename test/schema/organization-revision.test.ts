import { describe, expect, it } from 'vitest';
import { mint } from '../kit/issuer.ts';
import { anApiKey, RevokeApiKey } from '../kit/keys.ts';
import { membersOf } from '../kit/members.ts';
import { startService } from '../kit/service.ts';
import { followersOf, followRevisions, revise, take } from '../kit/subscriptions.ts';

const service = await startService({ limits: { viewerSubscriptions: 2 } });
const { ask, aWorld } = service;
const { follow } = await followersOf(service);
const another = service.anotherInstance();
const { remove, setRole } = membersOf(service);

const followContent = `
  subscription FollowContent($organizationId: ID!, $sinceRevision: Int) {
    organizationRevision(organizationId: $organizationId, sinceRevision: $sinceRevision) {
      organization { revision }
      revision { number changes { field } }
    }
  }
`;

const failure = (code: string) => ({ value: { errors: [{ extensions: { code } }] } });

describe('organizationRevision', () => {
  it('tells a member of each revision, whichever instance wrote it', async () => {
    const { organization, admin, owner, member } = await aWorld();
    const events = await follow(organization, { as: member, sinceRevision: 0 });

    await revise(another, organization, { as: admin });
    await revise(service, organization, { as: owner });
    const told = [(await events.next()).value, (await events.next()).value];
    await events.return();

    expect(told).toEqual([
      { data: { organizationRevision: { number: 1, action: 'MODEL_SETTINGS_UPDATED', actor: { id: admin.id } } } },
      { data: { organizationRevision: { number: 2, action: 'MODEL_SETTINGS_UPDATED', actor: { id: owner.id } } } },
    ]);
  });

  it('tells nothing of the past where no revision is given', async () => {
    const { organization, admin, member } = await aWorld();
    await revise(service, organization, { as: admin, times: 2 });

    const events = await follow(organization, { as: member });
    await revise(service, organization, { as: admin });

    expect(await take(events, 1)).toEqual([3]);
    await events.return();
  });

  it('tells a service whose API key may read', async () => {
    const world = await aWorld();
    const { token } = await anApiKey(service, world, ['READ']);

    const events = await follow(world.organization, { token, sinceRevision: 0 });

    expect((await events.next()).value).toMatchObject({
      data: { organizationRevision: { action: 'API_KEY_CREATED' } },
    });
    await events.return();
  });

  it('tells an admin what was changed, and a member only that something was', async () => {
    const { organization, admin, member } = await aWorld();
    const forAdmin = await follow(organization, { as: admin, query: followContent, sinceRevision: 0 });
    const forMember = await follow(organization, { as: member, query: followContent, sinceRevision: 0 });

    await revise(service, organization, { as: admin });

    const current = { revision: 1 };
    expect((await forAdmin.next()).value).toEqual({
      data: {
        organizationRevision: {
          organization: current,
          revision: { number: 1, changes: [{ field: 'disabledModels' }] },
        },
      },
    });
    expect((await forMember.next()).value).toMatchObject({
      data: { organizationRevision: { organization: current, revision: null } },
      errors: [{ extensions: { code: 'INSUFFICIENT_PERMISSIONS', traceId: expect.any(String) } }],
    });
    await Promise.all([forAdmin.return(), forMember.return()]);
  });
});

describe('a subscription', () => {
  it.each([
    ['an outsider', 'ORGANIZATION_ACCESS_DENIED', 'stranger'],
    ['who is not signed in', 'AUTHENTICATION_REQUIRED', undefined],
  ] as const)('is refused to %s before it begins', async (_, code, who) => {
    const world = await aWorld();

    const events = await follow(world.organization, { as: who && world[who], sinceRevision: 0 });

    expect(await events.next()).toMatchObject(failure(code));
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it.each([
    [-1, 'must not be negative'],
    [3, "must not be above the organization's revision, 2"],
  ])('does not begin after revision %i of 2', async (sinceRevision, message) => {
    const { organization, admin, member } = await aWorld();
    await revise(service, organization, { as: admin, times: 2 });
    const query = `subscription ($o: ID!, $s: Int) { organizationRevision(organizationId: $o, sinceRevision: $s) { number } }`;

    const { errors } = await ask(query, { o: organization.id, s: sinceRevision }, { as: member });

    expect(errors).toMatchObject([{ message: `sinceRevision: ${message}`, extensions: { code: 'VALIDATION_ERROR' } }]);
  });

  it('ends for a member who is removed, and does not say by whom', async () => {
    const world = await aWorld();
    const { organization, owner, admin, member } = world;
    const events = await follow(organization, { as: member, sinceRevision: 0 });
    await revise(service, organization, { as: admin });
    await events.next();

    await remove(world, owner, member.id);
    await revise(service, organization, { as: admin });

    expect(await events.next()).toMatchObject(failure('ORGANIZATION_ACCESS_DENIED'));
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it('ends for a member whose role changes, and can begin again with what it missed', async () => {
    const world = await aWorld();
    const { organization, owner, member } = world;
    // It begins in the former role, as the first event shows.
    await revise(service, organization, { as: owner });
    const events = await follow(organization, { as: member, sinceRevision: 0 });
    expect(await take(events, 1)).toEqual([1]);

    await setRole(world, owner, member.id, 'ADMIN');

    expect(await events.next()).toMatchObject(failure('INSUFFICIENT_PERMISSIONS'));
    const again = await follow(organization, { as: member, sinceRevision: 1 });
    expect(await take(again, 1)).toEqual([2]);
    await again.return();
  });

  it('ends with the API key that it was begun with', async () => {
    const world = await aWorld();
    const { id, token } = await anApiKey(service, world, ['READ']);
    const events = await follow(world.organization, { token, sinceRevision: 0 });
    expect(await take(events, 1)).toEqual([1]);

    await ask(RevokeApiKey, { input: { id } }, { as: world.owner });

    expect(await events.next()).toMatchObject(failure('AUTHENTICATION_REQUIRED'));
  });

  it('ends with the token that it was begun with', async () => {
    const { organization, member } = await aWorld();
    // For three of the five seconds that clocks may differ: to begin takes a part of one.
    const token = await mint({ sub: member.id, exp: Math.floor(Date.now() / 1000) - 1 });

    const events = await follow(organization, { token, sinceRevision: 0 });

    expect(await events.next()).toMatchObject(failure('AUTHENTICATION_REQUIRED'));
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it('takes a place, of which a viewer has so many, until the client has gone', async () => {
    const { organization, admin, member } = await aWorld();
    await revise(service, organization, { as: admin });
    const outcome = async (as: { id: string }) => {
      const events = await follow(organization, { as, sinceRevision: 0 });
      const told = await take(events, 1).catch(({ response }) => response.status);
      await events.return();
      return told;
    };

    const open = [await follow(organization, { as: member }), await follow(organization, { as: member })];

    expect([await outcome(member), await outcome(admin)]).toEqual([429, [1]]);
    await open[0]?.return();
    await expect.poll(() => outcome(member)).toEqual([1]);
    await open[1]?.return();
  });

  it('is refused, and takes no place, where the client does not accept a stream', async () => {
    const { organization, admin, member } = await aWorld();
    const asking = { as: member, headers: { accept: 'application/json' } };

    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await ask(followRevisions, { organizationId: organization.id }, asking)).toMatchObject({
        status: 406,
        errors: [{ extensions: { code: 'VALIDATION_ERROR' } }],
      });
    }
    const events = await follow(organization, { as: member, sinceRevision: 0 });
    await revise(service, organization, { as: admin });
    expect(await take(events, 1)).toEqual([1]);
    await events.return();
  });
});
