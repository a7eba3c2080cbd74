import { describe, expect, it } from 'vitest';
import { mint } from '../kit/issuer.ts';
import { anApiKey } from '../kit/keys.ts';
import { UpdateOrganization } from '../kit/members.ts';
import { ReadHistory } from '../kit/operations.ts';
import { startService, today } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db } = service;
const instance = service.anotherInstance();

const named = `query ($id: ID!) { organization(id: $id) { name apiKeyManagers revision } }`;

const contact = `query ($id: ID!) { organization(id: $id) { supportContact } }`;

interface Contact {
  organization: { supportContact: string | null } | null;
}

const refused = { __typename: 'ModelgateForbiddenError', code: 'INSUFFICIENT_PERMISSIONS' };

const change = async ({ organization, owner }: World, input: object, asking: object = { as: owner }) =>
  (await ask(UpdateOrganization, { input: { organizationId: organization.id, ...input } }, asking)).data
    ?.updateOrganization;

describe('updateOrganization', () => {
  it('changes what is given, at once on every instance, and tells the ledger', async () => {
    const world = await aWorld();
    const { organization, owner, member } = world;

    const renamed = await change(world, { name: ' Fernhill ' });
    const delegated = await change(world, { apiKeyManagers: 'ADMINS', expectedRevision: 1 });

    const is = { id: organization.id, name: 'Fernhill', supportContact: null };
    expect(renamed).toEqual({ __typename: 'Organization', ...is, apiKeyManagers: 'OWNERS', revision: 1 });
    expect(delegated).toEqual({ __typename: 'Organization', ...is, apiKeyManagers: 'ADMINS', revision: 2 });
    const seen = await instance.ask(named, { id: organization.id }, { as: member });
    expect(seen.data).toEqual({ organization: { name: 'Fernhill', apiKeyManagers: 'ADMINS', revision: 2 } });
    const history = await ask(ReadHistory, { organizationId: organization.id }, { as: owner });
    expect(history.data?.organization?.revisions?.edges.map(({ node }) => node)).toMatchObject([
      {
        action: 'ORGANIZATION_UPDATED',
        subjectId: organization.id,
        actor: { id: owner.id },
        changes: [{ field: 'apiKeyManagers', added: ['ADMINS'], removed: ['OWNERS'] }],
      },
      { changes: [{ field: 'name', added: ['Fernhill'], removed: [organization.name] }] },
    ]);
    expect(await db.organization.findUnique({ where: { id: organization.id } })).toMatchObject({
      nameSetByOwner: true,
    });
  });

  it('says whom to ask, to everybody who may read the organization, until null takes it back', async () => {
    const world = await aWorld();
    const { organization, owner, admin, member, stranger } = world;
    const { token } = await anApiKey(service, world, ['READ']);
    const contactFor = async (asking: object) => {
      const { data } = await instance.ask<Contact, { id: string }>(contact, { id: organization.id }, asking);
      return data?.organization?.supportContact;
    };
    expect(await contactFor({ as: member })).toBe(null);

    await change(world, { supportContact: ' ai-desk@fernhill.example ' });

    for (const asking of [{ as: owner }, { as: admin }, { as: member }, { token }]) {
      expect(await contactFor(asking)).toBe('ai-desk@fernhill.example');
    }
    expect(await contactFor({ as: stranger })).toBe(undefined);
    expect(await change(world, { supportContact: 'x'.repeat(200) }, { as: admin })).toMatchObject(refused);
    expect(await change(world, { supportContact: null })).toMatchObject({ supportContact: null });
    expect(await contactFor({ as: member })).toBe(null);
    const history = await ask(ReadHistory, { organizationId: organization.id }, { as: owner });
    const field = 'supportContact';
    expect(history.data?.organization?.revisions?.edges.slice(0, 2).map(({ node }) => node)).toMatchObject([
      { action: 'ORGANIZATION_UPDATED', changes: [{ field, added: [], removed: ['ai-desk@fernhill.example'] }] },
      { action: 'ORGANIZATION_UPDATED', changes: [{ field, added: ['ai-desk@fernhill.example'], removed: [] }] },
    ]);
  });

  it('counts also where another program has changed whom to ask', async () => {
    const { organization, member } = await aWorld();
    const read = async () =>
      (await instance.ask<Contact, { id: string }>(contact, { id: organization.id }, { as: member })).data;
    expect([await read(), await read()]).toEqual(Array(2).fill({ organization: { supportContact: null } }));

    await db.$executeRaw`UPDATE "Organization" SET "supportContact" = '#ai-desk' WHERE "id" = ${organization.id}`;
    await service.heard();

    expect(await read()).toEqual({ organization: { supportContact: '#ai-desk' } });
  });

  it('makes no revision where nothing changes', async () => {
    const world = await aWorld();

    for (const input of [{}, { name: world.organization.name, apiKeyManagers: 'OWNERS' }]) {
      expect(await change(world, input)).toMatchObject({ name: world.organization.name, revision: 0 });
    }
    expect(await db.revision.count({ where: { organizationId: world.organization.id } })).toBe(0);
    expect(await db.organization.findUnique({ where: { id: world.organization.id } })).toMatchObject({
      nameSetByOwner: false,
    });
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ name: 'a\u0000b' }, 'name'],
    [{ name: null }, 'name'],
    [{ apiKeyManagers: null }, 'apiKeyManagers'],
    [{ supportContact: ' ' }, 'supportContact'],
    [{ supportContact: 'x'.repeat(201) }, 'supportContact'],
    [{ supportContact: 'Mara\u0000Lind' }, 'supportContact'],
    [{ supportContact: 'Mara\nLind' }, 'supportContact'],
    [{ name: 'Fernhill', expectedRevision: -1 }, 'expectedRevision'],
  ])('refuses %j, and changes nothing', async (input, path) => {
    const world = await aWorld();

    expect(await change(world, input)).toMatchObject({ __typename: 'ModelgateValidationError', issues: [{ path }] });
    expect(await db.organization.findUnique({ where: { id: world.organization.id } })).toMatchObject({
      name: world.organization.name,
      apiKeyManagers: 'OWNERS',
      supportContact: null,
      revision: 0,
    });
  });

  it('refuses a change that was decided at another revision', async () => {
    const world = await aWorld();
    await change(world, { name: 'Fernhill' });

    expect(await change(world, { name: 'Oakhill', expectedRevision: 0 })).toMatchObject({ code: 'REVISION_CONFLICT' });
    expect(await change(world, { expectedRevision: 1 })).toMatchObject({ name: 'Fernhill', revision: 1 });
  });

  it('keeps the name from those of tokens, however late they come', async () => {
    const world = await aWorld();
    const { organization, member } = world;
    const later = service.anotherInstance({ clock: () => new Date(today.getTime() + 7_200_000) });
    const nameAt = async (at: Pick<typeof service, 'ask'>, org_slug: string) => {
      const token = await mint({ sub: member.id, org_id: organization.id, org_role: 'org:member', org_slug });
      const { data } = await at.ask<{ organization: { name: string } }, { id: string }>(
        named,
        { id: organization.id },
        { token },
      );
      return data?.organization.name;
    };
    expect(await nameAt(service, 'brightwater')).toBe('brightwater');

    await change(world, { name: 'Fernhill' });

    expect([await nameAt(later, 'brightwater'), await nameAt(later, 'bw'), await nameAt(instance, 'bw')]).toEqual(
      Array(3).fill('Fernhill'),
    );
  });

  it('is for owners of the token too', async () => {
    const world = await aWorld();
    const claims = { sub: world.member.id, org_id: world.organization.id };

    const asOwner = await change(
      world,
      { name: 'Fernhill' },
      { token: await mint({ ...claims, org_role: 'org:owner' }) },
    );
    const asAdmin = await change(
      world,
      { name: 'Oakhill' },
      { token: await mint({ ...claims, org_role: 'org:admin' }) },
    );

    expect(asOwner).toMatchObject({ name: 'Fernhill' });
    expect(asAdmin).toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS', message: expect.stringContaining('an Owner') });
  });
});
