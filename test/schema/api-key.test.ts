import { describe, expect, it } from 'vitest';
import { graphql } from '../generated/gql.ts';
import { anApiKey, CreateApiKey, RevokeApiKey } from '../kit/keys.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { ask, aWorld, db, takeStatements } = service;

const ListApiKeys = graphql(`
  query ListApiKeys($organizationId: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    organization(id: $organizationId) {
      apiKeys(first: $first, after: $after, last: $last, before: $before) {
        edges {
          node {
            id
            name
            scopes
            last4
            status
            expiresAt
            createdBy {
              id
              name
            }
            organization {
              id
            }
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
        totalCount
      }
    }
  }
`);

const ReadApiKey = graphql(`
  query ReadApiKey($id: ID!) {
    node(id: $id) {
      id
      ... on ApiKey {
        status
      }
    }
  }
`);

describe('createApiKey', () => {
  it('tells the token once, and the ledger all but the token', async () => {
    const world = await aWorld();
    const expiresAt = '2027-01-01T00:00:00.000Z';

    const { token, ...key } = await anApiKey(service, world, ['KEYS_USE', 'READ', 'READ'], expiresAt);

    expect(token).toMatch(/^mgk_[\w-]{43}$/);
    expect(key).toEqual({
      id: expect.stringMatching(/^api_/),
      organization: { id: world.organization.id },
      name: 'Gateway',
      scopes: ['READ', 'KEYS_USE'],
      last4: token.slice(-4),
      createdBy: { id: world.owner.id },
      createdAt: expect.stringMatching(/Z$/),
      expiresAt,
      revokedAt: null,
      status: 'ACTIVE',
    });
    const [entry] = await db.revision.findMany({ where: { organizationId: world.organization.id } });
    expect(entry).toMatchObject({
      action: 'API_KEY_CREATED',
      subjectId: key.id,
      actorId: world.owner.id,
      before: null,
      after: { name: 'Gateway', scopes: ['read', 'keys:use'], last4: token.slice(-4), expiresAt, status: 'ACTIVE' },
    });
    const text = JSON.stringify(entry) + JSON.stringify(await db.apiKey.findUnique({ where: { id: key.id } }));
    expect(text).not.toContain(token.slice(4, 24));
  });

  it.each([
    [{ name: ' ' }, 'name: must not be empty'],
    [{ name: 'x'.repeat(101) }, 'name: must not be longer than 100 characters'],
    [{ scopes: [] }, 'scopes: must not be empty'],
    [{ expiresAt: '2026-11-22T12:00:00Z' }, 'expiresAt: must be in the future'],
  ] as const)('refuses %j', async (given, message) => {
    const { organization, owner } = await aWorld();
    const input = { organizationId: organization.id, name: 'Gateway', scopes: ['READ' as const], ...given };

    const { data } = await ask(CreateApiKey, { input: { ...input, scopes: [...input.scopes] } }, { as: owner });

    expect(data?.createApiKey).toEqual({ __typename: 'ModelgateValidationError', code: 'VALIDATION_ERROR', message });
    expect(await db.apiKey.count({ where: { organizationId: organization.id } })).toBe(0);
  });

  it('is for owners alone, and for no service', async () => {
    const world = await aWorld();
    const { token } = await anApiKey(service, world, ['READ', 'KEYS_USE', 'SETTINGS_WRITE', 'USAGE_WRITE']);
    const input = { organizationId: world.organization.id, name: 'More', scopes: ['READ' as const] };

    for (const asking of [{ as: world.admin }, { as: world.member }, { token }]) {
      expect((await ask(CreateApiKey, { input }, asking)).data?.createApiKey).toMatchObject({
        __typename: 'ModelgateForbiddenError',
        code: 'INSUFFICIENT_PERMISSIONS',
      });
    }
    expect((await ask(CreateApiKey, { input }, { as: world.stranger })).data?.createApiKey).toMatchObject({
      code: 'ORGANIZATION_ACCESS_DENIED',
    });
  });
});

describe('revokeApiKey', () => {
  it('revokes for good, and a second time changes nothing', async () => {
    const world = await aWorld();
    const { id } = await anApiKey(service, world, ['READ']);
    const revoke = async () => (await ask(RevokeApiKey, { input: { id } }, { as: world.owner })).data?.revokeApiKey;

    const revoked = await revoke();

    expect(revoked).toEqual({
      __typename: 'ApiKey',
      id,
      status: 'REVOKED',
      revokedAt: expect.stringMatching(/Z$/),
    });
    expect(await revoke()).toEqual(revoked);
    expect(
      await db.revision.findMany({ where: { organizationId: world.organization.id }, orderBy: { number: 'asc' } }),
    ).toMatchObject([
      { action: 'API_KEY_CREATED' },
      { action: 'API_KEY_REVOKED', subjectId: id, before: { status: 'ACTIVE' }, after: { status: 'REVOKED' } },
    ]);
  });
});

describe('an API key', () => {
  it('is seen by owners alone', async () => {
    const world = await aWorld();
    const { id } = await anApiKey(service, world, ['READ']);
    const other = await anApiKey(service, world, ['READ']);
    const read = async (asking: object) => (await ask(ReadApiKey, { id }, asking)).data?.node;

    expect(await read({ as: world.owner })).toEqual({ id, status: 'ACTIVE' });
    for (const asking of [{ as: world.admin }, { as: world.member }, { as: world.stranger }, { token: other.token }]) {
      expect(await read(asking)).toBe(null);
    }
  });

  it('is listed newest first, forwards and backwards, also when it lets nobody in', async () => {
    const world = await aWorld();
    const { organization, owner, admin } = world;
    const made = [];
    for (let index = 0; index < 5; index += 1) made.push(await anApiKey(service, world, ['READ']));
    // Several of one millisecond are told apart by their ids.
    await db.apiKey.updateMany({ where: { organizationId: organization.id }, data: { createdAt: new Date() } });
    await ask(RevokeApiKey, { input: { id: made[0]?.id ?? '' } }, { as: owner });
    const ids = made.map(({ id }) => id).reverse();
    const page = async (args: object) => {
      const { data } = await ask(ListApiKeys, { organizationId: organization.id, ...args }, { as: owner });
      const { edges = [], pageInfo, totalCount } = data?.organization?.apiKeys ?? {};
      return {
        ids: edges.map(({ node }) => node.id),
        statuses: edges.map(({ node }) => node.status),
        ...pageInfo,
        totalCount,
      };
    };

    const first = await page({ first: 2 });
    expect(first).toMatchObject({ ids: ids.slice(0, 2), hasNextPage: true, totalCount: 5 });
    const rest = await page({ first: 10, after: first.endCursor });
    expect(rest).toMatchObject({ ids: ids.slice(2), hasNextPage: false, statuses: ['ACTIVE', 'ACTIVE', 'REVOKED'] });
    expect(await page({ last: 1, before: rest.startCursor })).toMatchObject({ ids: ids.slice(1, 2) });
    expect(await page({ last: 2 })).toMatchObject({ ids: ids.slice(3) });

    const refused = await ask(ListApiKeys, { organizationId: organization.id }, { as: admin });
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
    const forged = await ask(ListApiKeys, { organizationId: organization.id, after: 'WyJ4IiwiYSJd' }, { as: owner });
    expect(forged.errors?.[0]?.message).toBe('after: is not a cursor of this list');
  });

  it('costs a page of 50 no more statements than one of 10', async () => {
    const world = await aWorld();
    await Promise.all(Array.from({ length: 50 }, () => anApiKey(service, world, ['READ'])));
    const count = async (first: number) => {
      takeStatements();
      const variables = { organizationId: world.organization.id, first };
      const { data } = await ask(ListApiKeys, variables, { as: world.owner });
      expect(data?.organization?.apiKeys?.edges).toHaveLength(first);
      return takeStatements();
    };

    const few = await count(10);

    expect(await count(50)).toHaveLength(few.length);
    expect(few.join()).not.toContain('"hash"');
  });
});
