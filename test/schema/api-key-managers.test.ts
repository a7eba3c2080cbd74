import { describe, expect, it } from 'vitest';
import { lockOrganization } from '../commands/organization-lock.ts';
import { mint } from '../kit/issuer.ts';
import { anApiKey, CreateApiKey, RevokeApiKey } from '../kit/keys.ts';
import { UpdateOrganization } from '../kit/members.ts';
import { nothingRemembered, startService } from '../kit/service.ts';
import { anOrganization, type World } from '../kit/world.ts';

const service = await startService();
const { aWorld, database, db, heard } = service;
const instance = service.anotherInstance();
const instances = [service, instance];

type Scope = 'READ' | 'USAGE_WRITE' | 'KEYS_USE' | 'SETTINGS_WRITE';
type Asking = Parameters<typeof service.ask>[2];

async function letManage({ organization, owner }: World, apiKeyManagers: 'OWNERS' | 'ADMINS') {
  const input = { organizationId: organization.id, apiKeyManagers };
  const { data } = await service.ask(UpdateOrganization, { input }, { as: owner });
  expect(data?.updateOrganization).toMatchObject({ apiKeyManagers });
}

const create = async (
  at: Pick<typeof service, 'ask'>,
  { organization }: World,
  asking: Asking,
  scopes: Scope[] = ['READ'],
) => {
  const input = { organizationId: organization.id, name: 'Gateway', scopes };
  return (await at.ask(CreateApiKey, { input }, asking)).data?.createApiKey;
};

const revoke = async (id: string, asking: Asking) =>
  (await service.ask(RevokeApiKey, { input: { id } }, asking)).data?.revokeApiKey;

const listed = `query ($organizationId: ID!, $id: ID!) {
  organization(id: $organizationId) { apiKeys { totalCount } }
  node(id: $id) { id }
}`;

interface Listed {
  organization: { apiKeys: { totalCount: number } | null } | null;
  node: { id: string } | null;
}

const permissions = `{ caller { memberships { organizationId permissions } } }`;

interface Permissions {
  caller: { memberships: { organizationId: string; permissions: string[] }[] };
}

async function permissionsAt(at: Pick<typeof service, 'ask'>, as: { id: string }) {
  const { data } = await at.ask<Permissions, Record<string, never>>(permissions, {}, { as });
  return data?.caller.memberships[0]?.permissions;
}

const refused = { __typename: 'ModelgateForbiddenError', code: 'INSUFFICIENT_PERMISSIONS' };

describe('where admins manage API keys', () => {
  it('they create, list and revoke them; members, services and strangers do not', async () => {
    const world = await aWorld();
    const { organization, admin, member, stranger } = world;
    await letManage(world, 'ADMINS');
    const { token } = await anApiKey(service, world, ['READ', 'SETTINGS_WRITE']);

    const created = await create(service, world, { as: admin });

    expect(created).toMatchObject({ apiKey: { createdBy: { id: admin.id }, scopes: ['READ'] } });
    const id = created && 'apiKey' in created ? created.apiKey.id : '';
    const list = async (as: { id: string }) =>
      (
        await service.ask<Listed, { organizationId: string; id: string }>(
          listed,
          { organizationId: organization.id, id },
          { as },
        )
      ).data;
    expect(await list(admin)).toEqual({ organization: { apiKeys: { totalCount: 2 } }, node: { id } });
    expect(await list(member)).toEqual({ organization: { apiKeys: null }, node: null });
    for (const asking of [{ as: member }, { token }]) {
      expect(await create(service, world, asking)).toMatchObject(refused);
      expect(await revoke(id, asking)).toMatchObject(refused);
    }
    expect(await create(service, world, { as: stranger })).toMatchObject({ code: 'ORGANIZATION_ACCESS_DENIED' });
    expect(await revoke(id, { as: stranger })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await revoke(id, { as: admin })).toMatchObject({ __typename: 'ApiKey', status: 'REVOKED' });
  });

  it('an admin whose token says so is one too', async () => {
    const world = await aWorld();
    const token = await mint({ sub: world.member.id, org_id: world.organization.id, org_role: 'org:admin' });

    const remedy = 'You must be an Owner to perform this action, or an Owner must set apiKeyManagers to ADMINS';
    expect(await create(service, world, { token })).toMatchObject({ ...refused, message: remedy });
    expect(await create(service, world, { as: world.member })).toMatchObject({
      message: 'You must be an Owner to perform this action',
    });
    await letManage(world, 'ADMINS');
    for (const at of instances) expect(await create(at, world, { token })).toHaveProperty('secret');
    await letManage(world, 'OWNERS');
    for (const at of instances) expect(await create(at, world, { token })).toMatchObject(refused);
  });

  it('an admin gives no key more than it may do itself; an owner gives everything', async () => {
    const world = await aWorld();
    await letManage(world, 'ADMINS');

    expect(await create(service, world, { as: world.admin }, ['READ', 'USAGE_WRITE', 'SETTINGS_WRITE'])).toHaveProperty(
      'secret',
    );
    expect(await create(service, world, { as: world.admin }, ['READ', 'KEYS_USE'])).toMatchObject({
      ...refused,
      message: 'You must be an Owner to give an API key the scope KEYS_USE',
    });
    expect(await create(service, world, { as: world.owner }, ['READ', 'KEYS_USE'])).toHaveProperty('secret');
    expect(await db.apiKey.count({ where: { organizationId: world.organization.id } })).toBe(2);
  });
});

describe('where they no longer do', () => {
  it('an admin is refused at once on every instance, and its permissions say so', async () => {
    const world = await aWorld();
    const { organization, admin } = world;
    const hasIt = async () => {
      const all = await Promise.all(instances.map((at) => permissionsAt(at, admin)));
      return all.map((names) => names?.includes('MANAGE_API_KEYS'));
    };
    expect(await hasIt()).toEqual([false, false]);
    await letManage(world, 'ADMINS');
    expect(await hasIt()).toEqual([true, true]);
    const created = await create(instance, world, { as: admin });
    const id = created && 'apiKey' in created ? created.apiKey.id : '';

    await letManage(world, 'OWNERS');

    expect(await hasIt()).toEqual([false, false]);
    for (const at of instances) expect(await create(at, world, { as: admin })).toMatchObject(refused);
    expect(await revoke(id, { as: admin })).toMatchObject(refused);
    const { data } = await instance.ask<Listed, object & Record<string, string>>(
      listed,
      { organizationId: organization.id, id },
      { as: admin },
    );
    expect(data).toEqual({ organization: { apiKeys: null }, node: null });
  });

  it('counts also where another program has changed it', async () => {
    const world = await aWorld();
    await letManage(world, 'ADMINS');
    for (const at of instances) expect(await create(at, world, { as: world.admin })).toHaveProperty('secret');

    await db.$executeRaw`UPDATE "Organization" SET "apiKeyManagers" = 'OWNERS' WHERE "id" = ${world.organization.id}`;
    await heard();

    for (const at of instances) expect(await create(at, world, { as: world.admin })).toMatchObject(refused);
  });

  it('a key is refused that was asked for before, and whose turn comes after', async () => {
    const world = await aWorld();
    await letManage(world, 'ADMINS');
    const lock = await lockOrganization(database.url, world.organization.id);
    await lock.query(`UPDATE "Organization" SET "apiKeyManagers" = 'OWNERS' WHERE "id" = $1`, [world.organization.id]);
    const waiting = create(service, world, { as: world.admin });
    await lock.isAwaitedBy(1);

    await lock.commit();

    expect(await waiting).toMatchObject(refused);
    expect(await db.apiKey.count({ where: { organizationId: world.organization.id } })).toBe(0);
  });
});

describe('an answer that tells the secret of a key', () => {
  it.each(instances)('is replayed while the admin may create one, and not once it may not', async (at) => {
    const world = await aWorld();
    await letManage(world, 'ADMINS');
    const again = () => create(at, world, { as: world.admin, headers: { 'idempotency-key': 'once' } });
    const [first, second] = [await again(), await again()];

    await letManage(world, 'OWNERS');

    expect(first).toHaveProperty('secret');
    expect(second).toEqual(first);
    expect(await again()).toBeUndefined();
    expect(await db.apiKey.count({ where: { organizationId: world.organization.id } })).toBe(1);
  });
});

describe('the permissions of the caller', () => {
  it('are read by as many statements for many organizations as for one', async () => {
    const { admin } = await aWorld();
    const forgetful = service.anotherInstance({ cache: nothingRemembered });
    const count = async () => {
      forgetful.takeStatements();
      await permissionsAt(forgetful, admin);
      return forgetful.takeStatements().length;
    };
    const one = await count();
    const others = await Promise.all(['a', 'b', 'c', 'd'].map((name) => anOrganization(db, name)));
    const data = others.map(({ id }) => ({ organizationId: id, userId: admin.id, role: 'ADMIN' as const }));
    await db.membership.createMany({ data });
    await heard();

    expect(await count()).toBe(one);
  });
});
