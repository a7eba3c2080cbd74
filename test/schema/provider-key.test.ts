import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { graphql } from '../generated/gql.ts';
import {
  aProviderKey,
  aSecret,
  CreateProviderKey,
  DeleteProviderKey,
  RotateProviderKey,
  UpdateProviderKey,
} from '../kit/keys.ts';
import { startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db, takeStatements } = service;

const ListProviderKeys = graphql(`
  query ListProviderKeys($organizationId: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    organization(id: $organizationId) {
      providerKeys(first: $first, after: $after, last: $last, before: $before) {
        edges {
          node {
            id
            provider
            name
            last4
            status
            lastUsedAt
            organization {
              id
              name
            }
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
      }
    }
  }
`);

const CountProviderKeys = graphql(`
  query CountProviderKeys($organizationId: ID!) {
    organization(id: $organizationId) {
      providerKeys {
        totalCount
      }
    }
  }
`);

const ReadProviderKey = graphql(`
  query ReadProviderKey($id: ID!) {
    node(id: $id) {
      ... on ProviderKey {
        id
        name
        last4
      }
    }
  }
`);

/** A configuration that uses a key, by the tables: what may be configured is another test's. */
async function aConfig({ organization, admin }: World, providerKeyId: string) {
  const at = new Date();
  const data = { id: typeid('cfg').toString(), organizationId: organization.id, creatorId: admin.id, providerKeyId };
  return db.modelConfig.create({
    data: { ...data, provider: 'openai', modelId: 'gpt-4o', createdAt: at, updatedAt: at },
  });
}

async function entryOf({ organization }: World) {
  return db.revision.findFirstOrThrow({ where: { organizationId: organization.id }, orderBy: { number: 'desc' } });
}

describe('createProviderKey', () => {
  it('answers what may be told of the key, and the ledger says the same', async () => {
    const world = await aWorld();
    const { secret, ...created } = await aProviderKey(service, world);

    expect(created).toEqual({
      __typename: 'ProviderKey',
      id: expect.stringMatching(/^key_/),
      organization: { id: world.organization.id },
      provider: 'openai',
      name: 'Production',
      last4: secret.slice(-4),
      status: 'ACTIVE',
      isActive: true,
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: created.createdAt,
      lastUsedAt: null,
    });
    expect(await entryOf(world)).toMatchObject({
      number: 1,
      action: 'PROVIDER_KEY_CREATED',
      actorId: world.admin.id,
      subjectId: created.id,
      before: null,
      after: { name: 'Production', provider: 'openai', isActive: true, last4: secret.slice(-4) },
    });
  });

  it.each([
    ['sk-…abcd1234', 'looks masked; give the whole key'],
    ['sk-proj-••••••••abcd', 'looks masked; give the whole key'],
    ['sk-****abcd', 'looks masked; give the whole key'],
    ['sk-proj...abcd', 'looks masked; give the whole key'],
    ['short12', 'must have from 8 to 4096 characters'],
    ['', 'must have from 8 to 4096 characters'],
    ['x'.repeat(4097), 'must have from 8 to 4096 characters'],
    ['sk-with space', 'must consist of visible ASCII characters, without spaces'],
    ['sk-1234567890\n', 'must consist of visible ASCII characters, without spaces'],
    ['sk-\u0000123456', 'must consist of visible ASCII characters, without spaces'],
    ['sk-ключ-12345', 'must consist of visible ASCII characters, without spaces'],
    ['undefined', 'looks like a placeholder; give the key itself'],
    ['"sk-1234567890"', 'is in quotes; give the key without them'],
    ['Bearer sk-1234567890', 'must be the key alone, without the header or variable that it is the value of'],
  ])('refuses the secret "%.12s", without repeating it', async (secret, message) => {
    const { organization, admin } = await aWorld();
    const input = { organizationId: organization.id, provider: 'openai', name: 'Production', secret };

    const { data } = await ask(CreateProviderKey, { input }, { as: admin });

    expect(data?.createProviderKey).toEqual({
      __typename: 'ModelgateValidationError',
      code: 'VALIDATION_ERROR',
      message: `secret: ${message}`,
      issues: [{ path: 'secret', message }],
    });
    expect(await db.providerKey.count({ where: { organizationId: organization.id } })).toBe(0);
  });

  it.each(['k'.repeat(8), 'k'.repeat(4096), 'AIza-_.~!$&/+=:1*2'])('takes the secret "%.12s"', async (secret) => {
    const world = await aWorld();

    expect(await aProviderKey(service, world, { secret })).toMatchObject({ last4: secret.slice(-4) });
  });

  it('refuses an unknown provider, an empty name, and a name that holds the key', async () => {
    const { organization, admin } = await aWorld();
    const create = async (given: object) => {
      const input = { organizationId: organization.id, provider: 'openai', name: 'x', secret: 'sk-12345678', ...given };
      return (await ask(CreateProviderKey, { input }, { as: admin })).data?.createProviderKey;
    };

    expect(await create({ provider: 'OpenAI' })).toMatchObject({ __typename: 'InvalidProviderSlugError' });
    expect(await create({ name: '  ' })).toMatchObject({ message: 'name: must not be empty' });
    expect(await create({ name: 'a\u0000' })).toMatchObject({ message: 'name: must not contain control characters' });
    expect(await create({ name: 'my sk-12345678' })).toMatchObject({ message: 'name: must not hold the key itself' });
    expect(await create({ isActive: null })).toMatchObject({ message: 'isActive: must be true or false' });
    expect(await create({ expectedRevision: 7 })).toMatchObject({ __typename: 'RevisionConflictError' });
  });
});

describe('updateProviderKey', () => {
  it('changes what is given, and makes no revision where nothing changes', async () => {
    const world = await aWorld();
    const { id } = await aProviderKey(service, world);
    const update = async (change: object) =>
      (await ask(UpdateProviderKey, { input: { id, ...change } }, { as: world.owner })).data?.updateProviderKey;

    expect(await update({ isActive: false })).toMatchObject({
      name: 'Production',
      status: 'INACTIVE',
      isActive: false,
    });
    const renamed = await update({ name: 'Staging', expectedRevision: 2 });
    expect(renamed).toMatchObject({ name: 'Staging', isActive: false });
    expect(await update({ name: 'Staging' })).toEqual(renamed);
    expect(await update({ name: null })).toMatchObject({ __typename: 'ModelgateValidationError' });

    expect(await entryOf(world)).toMatchObject({
      number: 3,
      action: 'PROVIDER_KEY_UPDATED',
      before: { name: 'Production', isActive: false },
      after: { name: 'Staging', isActive: false },
    });
  });
});

describe('rotateProviderKey', () => {
  it('keeps the id and all that uses it', async () => {
    const world = await aWorld();
    const { id } = await aProviderKey(service, world);
    const config = await aConfig(world, id);
    const before = await db.providerKey.findUniqueOrThrow({ where: { id } });
    const secret = aSecret();

    const { data } = await ask(RotateProviderKey, { input: { id, secret } }, { as: world.admin });

    expect(data?.rotateProviderKey).toMatchObject({ __typename: 'ProviderKey', id, last4: secret.slice(-4) });
    const after = await db.providerKey.findUniqueOrThrow({ where: { id } });
    expect(after.sealed).not.toEqual(before.sealed);
    expect(await db.modelConfig.findUnique({ where: { id: config.id } })).toMatchObject({ providerKeyId: id });
    expect(await entryOf(world)).toMatchObject({ action: 'PROVIDER_KEY_ROTATED', subjectId: id });
  });

  it('renames and switches in the same change, or not at all', async () => {
    const world = await aWorld();
    const { id, secret: former } = await aProviderKey(service, world);
    const rotate = (input: { secret: string; name?: string; isActive?: boolean }) =>
      ask(RotateProviderKey, { input: { id, ...input } }, { as: world.admin });
    const secret = aSecret();

    for (const name of [secret, `was ${former}`, '']) {
      expect((await rotate({ secret, name })).data?.rotateProviderKey).toMatchObject({ code: 'VALIDATION_ERROR' });
    }
    expect(await entryOf(world)).toMatchObject({ action: 'PROVIDER_KEY_CREATED' });

    await rotate({ secret, name: 'Staging', isActive: false });
    expect(await entryOf(world)).toMatchObject({
      action: 'PROVIDER_KEY_ROTATED',
      before: { name: 'Production', isActive: true, last4: former.slice(-4) },
      after: { name: 'Staging', isActive: false, last4: secret.slice(-4) },
    });
  });
});

describe('deleteProviderKey', () => {
  it('refuses while configurations use the key, and names them', async () => {
    const world = await aWorld();
    const { id } = await aProviderKey(service, world);
    const configs = [await aConfig(world, id), await aConfig(world, id)];

    const { data } = await ask(DeleteProviderKey, { input: { id } }, { as: world.admin });

    expect(data?.deleteProviderKey).toMatchObject({
      __typename: 'ProviderKeyInUseError',
      code: 'PROVIDER_KEY_IN_USE',
      modelConfigIds: configs.map((config) => config.id),
    });
    expect(await db.providerKey.count({ where: { id } })).toBe(1);
    expect(await entryOf(world)).toMatchObject({ number: 1 });
  });

  it('takes the key away from them first where that is wanted, in one revision that names them', async () => {
    const world = await aWorld();
    const { id } = await aProviderKey(service, world);
    const other = await aProviderKey(service, world);
    const [config, otherConfig] = [await aConfig(world, id), await aConfig(world, other.id)];

    const { data } = await ask(DeleteProviderKey, { input: { id, detach: true } }, { as: world.admin });

    expect(data?.deleteProviderKey).toEqual({
      __typename: 'DeleteProviderKeyPayload',
      deletedId: id,
      detachedModelConfigIds: [config.id],
    });
    expect(await db.modelConfig.findUnique({ where: { id: config.id } })).toMatchObject({ providerKeyId: null });
    expect(await db.modelConfig.findUnique({ where: { id: otherConfig.id } })).toMatchObject({
      providerKeyId: other.id,
    });
    expect(await entryOf(world)).toMatchObject({
      number: 3,
      action: 'PROVIDER_KEY_DELETED',
      subjectId: id,
      before: { modelConfigIds: [config.id] },
      after: null,
    });
  });

  it('deletes one of two at once only, and tells the other that there is none', async () => {
    const world = await aWorld();
    const { id } = await aProviderKey(service, world);
    const instances = [service, service.anotherInstance()];

    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        instances[index % 2]?.ask(DeleteProviderKey, { input: { id } }, { as: world.admin }),
      ),
    );

    const told = answers.map((answer) => answer?.data?.deleteProviderKey.__typename);
    expect(told.filter((name) => name === 'DeleteProviderKeyPayload')).toHaveLength(1);
    expect(told.filter((name) => name === 'ModelgateNotFoundError')).toHaveLength(9);
  });
});

describe('a provider key', () => {
  it('can be told of to members once a configuration shows it to them, not to strangers', async () => {
    const world = await aWorld();
    const { id, name, last4 } = await aProviderKey(service, world);
    const read = async (as: { id: string }) => (await ask(ReadProviderKey, { id }, { as })).data?.node;

    expect(await read(world.member)).toBe(null);
    await aConfig(world, id);
    expect(await read(world.member)).toEqual({ id, name, last4 });
    expect(await read(world.stranger)).toBe(null);
  });

  it('is listed to owners and admins, by provider and age, forwards and backwards', async () => {
    const world = await aWorld();
    const { organization, admin, member } = world;
    const google = await aProviderKey(service, world, { provider: 'google' });
    const openai = [await aProviderKey(service, world), await aProviderKey(service, world)];
    const cohere = await aProviderKey(service, world, { provider: 'cohere' });
    await aProviderKey(service, await aWorld());
    const ids = [cohere, google, ...openai].map(({ id }) => id);
    const page = async (args: object) => {
      const { data } = await ask(ListProviderKeys, { organizationId: organization.id, ...args }, { as: admin });
      const { edges = [], pageInfo } = data?.organization?.providerKeys ?? {};
      return { ids: edges.map(({ node }) => node.id), ...pageInfo };
    };

    expect(await page({})).toMatchObject({ ids, hasNextPage: false, hasPreviousPage: false });
    const first = await page({ first: 3 });
    expect(first).toMatchObject({ ids: ids.slice(0, 3), hasNextPage: true });
    const second = await page({ first: 3, after: first.endCursor });
    expect(second).toMatchObject({ ids: ids.slice(3), hasNextPage: false });
    expect(await page({ last: 2, before: second.startCursor })).toMatchObject({ ids: ids.slice(1, 3) });
    expect(
      (await ask(CountProviderKeys, { organizationId: organization.id }, { as: admin })).data?.organization,
    ).toEqual({ providerKeys: { totalCount: 4 } });

    const refused = await ask(ListProviderKeys, { organizationId: organization.id }, { as: member });
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
  });

  it('costs a page of 50 no more statements than one of 10', async () => {
    const world = await aWorld();
    const { organization, admin } = world;
    await Promise.all(Array.from({ length: 50 }, () => aProviderKey(service, world)));
    const count = async (first: number) => {
      takeStatements();
      const { data } = await ask(ListProviderKeys, { organizationId: organization.id, first }, { as: admin });
      expect(data?.organization?.providerKeys?.edges).toHaveLength(first);
      return takeStatements();
    };

    const few = await count(10);
    const many = await count(50);

    expect(many).toHaveLength(few.length);
    expect(few.length).toBeLessThan(6);
    expect(few.join()).not.toContain('"sealed"');
  });
});
