import { describe, expect, it, onTestFinished } from 'vitest';
import { lockOrganization } from '../commands/organization-lock.ts';
import { startRelay } from '../commands/relay.ts';
import { mint } from '../kit/issuer.ts';
import { AcceptInvitation, anInvitation, InviteMember, MyMemberships } from '../kit/members.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { aDirectory, aScimUser, directoryOf, patch } from '../kit/scim.ts';
import { type Service, startService } from '../kit/service.ts';
import { followSnapshot } from '../kit/snapshot-streams.ts';
import { followersOf } from '../kit/subscriptions.ts';
import { aMember } from '../kit/world.ts';

const here = await startService();
const { ask, db, heard } = here;
const there = here.anotherInstance();
const cached = () => expect.poll(() => there.lease.isHeld, { timeout: 10_000 }).toBe(true);

const Read = 'query ($id: ID!) { organizationModelSettings(organizationId: $id) { disabledModels } }';

/** What an instance answers to this token. */
async function told(instance: Service, { id }: { id: string }, token: string) {
  const { errors } = await instance.ask(Read, { id }, { token });
  return errors?.[0]?.extensions.code ?? 'OK';
}

/** The tokens of a subject: one that names no organization, one that names it with a role, and one that names it without. */
const tokensOf = (subject: string, { id }: { id: string }) =>
  Promise.all([
    mint({ sub: subject }),
    mint({ sub: subject, v: 2, o: { id, rol: 'admin' } }),
    mint({ sub: subject, v: 2, o: { id } }),
  ]);

const denied = Array(3).fill('ORGANIZATION_ACCESS_DENIED');

async function anActiveUser() {
  const directory = await aDirectory(here);
  const user = aScimUser();
  const { body } = await directory.send('POST', '/Users', user);
  const tokens = await tokensOf(user.externalId, directory.world.organization);
  const answers = async (instance: Service) => {
    const all = [];
    for (const token of tokens) all.push(await told(instance, directory.world.organization, token));
    return all;
  };
  await heard();
  return { ...directory, user, id: body.id as string, path: `/Users/${body.id}`, answers };
}

const deactivate = patch({ op: 'replace', value: { active: false } });

describe('a user whom the directory deactivates', () => {
  it.each([
    ['PATCH', deactivate],
    ['DELETE', undefined],
  ])('has no access from then on, in any process, whatever the tokens say (%s)', async (method, body) => {
    await cached();
    const { send, path, answers } = await anActiveUser();
    const before = [await answers(here), await answers(there)];

    const { status } = await send(method, path, body);
    const after = [await answers(here), await answers(there)];

    expect(before).toEqual([Array(3).fill('OK'), Array(3).fill('OK')]);
    expect(status).toBeLessThan(300);
    expect(after).toEqual([denied, denied]);
    expect(await answers(here.anotherInstance())).toEqual(denied);
  });

  it('has none where a membership was made meanwhile, as by a sign-in at the same time', async () => {
    const { send, path, answers, world, id } = await anActiveUser();
    await send('PATCH', path, deactivate);

    await db.membership.create({ data: { organizationId: world.organization.id, userId: id, role: 'OWNER' } });
    await heard();

    expect(await answers(here)).toEqual(denied);
  });

  it.each(['where the change is made', 'elsewhere'])(
    'has none from the acknowledgement on, though a process hears of nothing any more: %s',
    async (place) => {
      const relay = await startRelay(here.database.url);
      const deaf = here.anotherInstance({ feedUrl: relay.url, times: { heartbeatMs: 50, leaseMs: 700 } });
      onTestFinished(() => deaf.changeFeed.close());
      const { path, answers, token } = await anActiveUser();
      const isCached = async () => {
        await answers(deaf);
        deaf.takeStatements();
        await answers(deaf);
        return deaf.takeStatements();
      };
      await expect.poll(isCached, { timeout: 10_000 }).toEqual([]);

      relay.cut();
      await directoryOf(place === 'elsewhere' ? here : deaf, token.secret)('PATCH', path, deactivate);

      expect(await answers(deaf)).toEqual(denied);
    },
  );

  it('has access again once it is active, in any process', async () => {
    await cached();
    const { send, path, answers } = await anActiveUser();
    await send('PATCH', path, deactivate);
    await answers(there);

    await send('PATCH', path, patch({ op: 'Replace', path: 'active', value: 'True' }));

    expect([await answers(here), await answers(there)]).toEqual([Array(3).fill('OK'), Array(3).fill('OK')]);
  });

  it('is read from the caches while nothing changes', async () => {
    await cached();
    const { send, path, answers } = await anActiveUser();
    await send('PATCH', path, deactivate);
    await answers(there);
    there.takeStatements();

    await answers(there);

    expect(there.takeStatements()).toEqual([]);
  });

  it('follows nothing any more, though its token goes on to say a role', async () => {
    const { user, world, send, path } = await anActiveUser();
    const [, token = ''] = await tokensOf(user.externalId, world.organization);
    const { url, follow } = await followersOf(here);
    const snapshots = await followSnapshot(url, world, token);
    const revisions = await follow(world.organization, { token });
    await snapshots.after(0);

    await send('PATCH', path, deactivate);
    await snapshots.over();
    const told = await revisions.next();

    expect(snapshots.events.at(-1)).toEqual({ event: 'end', data: '{"code":"ORGANIZATION_ACCESS_DENIED"}' });
    expect(told.value).toMatchObject({ errors: [{ extensions: { code: 'ORGANIZATION_ACCESS_DENIED' } }] });
  });

  it('changes nothing any more, though its request came before, and its token says a role', async () => {
    const { id, user, world } = await anActiveUser();
    const { organization } = world;
    const [, token] = await tokensOf(user.externalId, organization);
    const held = await lockOrganization(here.database.ownerUrl, organization.id);
    const input = { organizationId: organization.id, disabledModels: ['x'] };
    const change = ask(UpdateSettings, { input }, { token: token ?? '' });
    await held.isAwaitedBy(1);

    await held.query('UPDATE "ScimUser" SET "active" = false WHERE "userId" = $1', [id]);
    await held.commit();

    expect((await change).data?.updateModelSettings).toMatchObject({ code: 'ORGANIZATION_ACCESS_DENIED' });
    expect(await db.modelSettings.count({ where: { organizationId: organization.id } })).toBe(0);
  });

  it.each([
    { op: 'remove', path: 'active' },
    { op: 'replace', path: 'active', value: null },
    { op: 'replace', value: { active: null, title: 'x' } },
  ])('stays so where the directory says nothing of it: %j', async (operation) => {
    const { send, path, world } = await anActiveUser();
    const active = await send('PATCH', path, patch(operation));
    await send('PATCH', path, deactivate);

    const inactive = await send('PATCH', path, patch(operation));

    expect([active.body.active, inactive.body.active]).toEqual([true, false]);
    expect(await db.membership.count({ where: { organizationId: world.organization.id } })).toBe(3);
  });

  it('keeps its access to other organizations', async () => {
    const { send, path, id, user } = await anActiveUser();
    const other = await here.aWorld();
    await db.membership.create({ data: { organizationId: other.organization.id, userId: id, role: 'ADMIN' } });
    await heard();

    await send('PATCH', path, deactivate);

    const { data } = await ask(MyMemberships, {}, { token: await mint({ sub: user.externalId }) });
    expect(data?.caller.memberships).toMatchObject([{ role: 'ADMIN', organization: { id: other.organization.id } }]);
  });

  it('cannot come back by an invitation', async () => {
    const { send, path, id, user, world } = await anActiveUser();
    await db.membership.deleteMany({ where: { userId: id } });
    const before = await anInvitation(here, world, { userId: id });
    const accept = async (invitationId: string) => {
      const input = { organizationId: world.organization.id, invitationId };
      const { data } = await ask(AcceptInvitation, { input }, { token: await mint({ sub: user.externalId }) });
      return data?.acceptInvitation;
    };

    await send('PATCH', path, deactivate);
    const later = await anInvitation(here, world, { userId: id });

    expect(await accept(before.id)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await accept(later.id)).toMatchObject({ code: 'VALIDATION_ERROR' });
    expect(await db.membership.count({ where: { userId: id } })).toBe(0);
  });

  it('loses the invitations that it has made as an owner', async () => {
    const { send, path, id, user, world } = await anActiveUser();
    await db.membership.updateMany({ where: { userId: id }, data: { role: 'OWNER' } });
    await heard();
    const input = { organizationId: world.organization.id, userId: 'usr_friend' };
    await ask(InviteMember, { input }, { token: await mint({ sub: user.externalId }) });

    await send('PATCH', path, deactivate);

    const [invitation] = await db.invitation.findMany({ where: { invitedById: id } });
    expect(invitation).toMatchObject({ state: 'REVOKED' });
  });
});

describe('the last owner', () => {
  it('stays, whatever the directory says', async () => {
    const { send, world, token } = await aDirectory(here);
    const subject = world.owner.id;
    const { body } = await send('POST', '/Users', { userName: 'owner', externalId: subject });

    const refusals = [
      await send('PATCH', `/Users/${body.id}`, deactivate),
      await send('DELETE', `/Users/${body.id}`),
      await send('PUT', `/Users/${body.id}`, { userName: 'owner', active: false }),
    ];

    expect(body.id).toBe(subject);
    for (const { status, body } of refusals) {
      expect(status).toBe(400);
      expect(body).toMatchObject({ scimType: 'invalidValue', detail: expect.stringContaining('the last owner stays') });
    }
    const membership = { organizationId_userId: { organizationId: world.organization.id, userId: subject } };
    expect(await db.membership.findUnique({ where: membership })).toMatchObject({ role: 'OWNER' });
    await aMember(db, world.organization, 'OWNER');
    expect(await directoryOf(here, token.secret)('PATCH', `/Users/${body.id}`, deactivate)).toMatchObject({
      status: 200,
    });
  });
});

describe('a member who is known to the directory', () => {
  it('keeps the role, which owners give', async () => {
    const { send, world } = await aDirectory(here);
    const { admin, organization } = world;

    const { body } = await send('POST', '/Users', { userName: 'admin', externalId: admin.id });
    await send('PATCH', `/Users/${body.id}`, patch({ op: 'add', path: 'title', value: 'Analyst' }));

    const input = { organizationId: organization.id, disabledModels: ['gpt-4o'] };
    const { data } = await ask(UpdateSettings, { input }, { as: admin });
    expect(data?.updateModelSettings).toMatchObject({ disabledModels: ['gpt-4o'] });
  });

  it('whom an owner removes stays removed when the directory changes something else', async () => {
    const { send, path, id, world } = await anActiveUser();
    await db.membership.deleteMany({ where: { userId: id } });

    await send('PATCH', path, patch({ op: 'replace', value: { displayName: 'Other' } }));

    expect(await db.membership.count({ where: { organizationId: world.organization.id, userId: id } })).toBe(0);
  });
});
