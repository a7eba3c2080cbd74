import { describe, expect, it } from 'vitest';
import { graphql } from '../generated/gql.ts';
import type { ApiKeyScope } from '../generated/graphql.ts';
import { anApiKey, RevokeApiKey } from '../kit/keys.ts';
import { ReadHistory, ReadSettings, UpdateSettings } from '../kit/operations.ts';
import { type Service, startService } from '../kit/service.ts';

const service = await startService();
const { ask, aWorld, db, heard, logLines, takeStatements } = service;
const instances: Service[] = [service, service.anotherInstance()];

const WhichViewer = graphql(`
  query WhichViewer {
    caller {
      kind
      user {
        id
      }
      apiKey {
        id
        scopes
        organization {
          id
        }
        createdBy {
          id
        }
      }
      memberships {
        role
      }
    }
  }
`);

const ReadPerson = graphql(`
  query ReadPerson($id: ID!) {
    node(id: $id) {
      ... on User {
        id
        name
      }
    }
  }
`);

const Actors = graphql(`
  query Actors($organizationId: ID!) {
    organization(id: $organizationId) {
      revisions {
        edges {
          node {
            action
            actor {
              id
            }
            actorApiKeyId
          }
        }
      }
    }
  }
`);

describe('an API key', () => {
  it('makes a service of its bearer, which can ask who it is', async () => {
    const world = await aWorld();
    const { id, token } = await anApiKey(service, world, ['READ']);

    const { data } = await ask(WhichViewer, {}, { token });

    expect(data?.caller).toEqual({
      kind: 'SERVICE',
      user: null,
      apiKey: { id, scopes: ['READ'], organization: { id: world.organization.id }, createdBy: { id: world.owner.id } },
      memberships: [],
    });
    expect((await ask(WhichViewer, {}, { as: world.member })).data?.caller).toMatchObject({
      kind: 'USER',
      apiKey: null,
    });
    expect((await ask(WhichViewer, {})).data?.caller).toMatchObject({ kind: 'ANONYMOUS', apiKey: null });
    expect(logLines().map(({ viewerId }) => viewerId)).toContain(id);
  });

  it('is looked up in one statement', async () => {
    const { token } = await anApiKey(service, await aWorld(), ['READ']);
    takeStatements();

    await ask('{ __typename }', {}, { token });

    expect(takeStatements()).toHaveLength(1);
  });

  it('is refused at once when it is revoked, on every other instance once that has heard of it', async () => {
    const world = await aWorld();
    const { id, token } = await anApiKey(service, world, ['READ']);
    const read = (instance: Service) =>
      instance.ask(ReadSettings, { organizationId: world.organization.id }, { token });
    for (const instance of instances) expect((await read(instance)).errors).toBe(undefined);

    await ask(RevokeApiKey, { input: { id } }, { as: world.owner });

    expect((await read(service)).status).toBe(401);
    await heard();
    for (const instance of instances) {
      const { status, data, errors } = await read(instance);
      expect({ status, data }).toEqual({ status: 401, data: undefined });
      expect(errors).toMatchObject([
        { message: 'Your API key has been deactivated', extensions: { code: 'AUTHENTICATION_REQUIRED' } },
      ]);
    }
    expect(logLines()).toContainEqual(expect.objectContaining({ status: 401, reason: 'API_KEY_REVOKED' }));
  });

  it('is refused on every instance from the moment at which it expires', async () => {
    const world = await aWorld();
    const { id, token } = await anApiKey(service, world, ['READ'], '2026-11-22T12:00:00.001Z');
    const read = (instance: Service) =>
      instance.ask(ReadSettings, { organizationId: world.organization.id }, { token });
    for (const instance of instances) expect((await read(instance)).errors).toBe(undefined);

    // The clock of the tests stands still, so the expiry comes to it.
    await db.apiKey.update({ where: { id }, data: { expiresAt: new Date('2026-11-22T12:00:00.000Z') } });
    await heard();

    for (const instance of instances) {
      expect((await read(instance)).errors).toMatchObject([
        { message: 'Your API key has expired', extensions: { code: 'AUTHENTICATION_REQUIRED', status: 401 } },
      ]);
    }
    expect(logLines()).toContainEqual(expect.objectContaining({ status: 401, reason: 'API_KEY_EXPIRED' }));
  });

  it.each(['mgk_', `mgk_${'A'.repeat(43)}`, `mgk_${'A'.repeat(42)}!`, 'mgk_\u00e9', `mgk_${'A'.repeat(5000)}`])(
    'that nobody made is an error, never anonymous: %.20s',
    async (token) => {
      const { status, errors } = await ask(WhichViewer, {}, { token });

      expect(status).toBe(401);
      expect(errors).toMatchObject([{ message: 'Your API key is invalid' }]);
      const reason = /^mgk_[\w-]{43}$/.test(token) ? 'API_KEY_UNKNOWN' : 'API_KEY_MALFORMED';
      expect(logLines().at(-1)).toMatchObject({ outcome: 'AUTHENTICATION_REQUIRED', reason });
    },
  );

  it('is known by all of its token: no other letter, case or end will do', async () => {
    const { token } = await anApiKey(service, await aWorld(), ['READ']);
    const others = [token.slice(0, -1), `${token}A`, token.toLowerCase(), token.toUpperCase().replace('MGK_', 'mgk_')];

    for (const other of others) expect((await ask(WhichViewer, {}, { token: other })).status).toBe(401);
    expect((await ask(WhichViewer, {}, { token })).status).toBe(200);
  });
});

describe('a service', () => {
  it.each<[ApiKeyScope[], { reads: boolean; writes: boolean }]>([
    [['READ'], { reads: true, writes: false }],
    [['SETTINGS_WRITE'], { reads: false, writes: true }],
    [['READ', 'SETTINGS_WRITE'], { reads: true, writes: true }],
    [['USAGE_WRITE', 'KEYS_USE'], { reads: false, writes: false }],
  ])('with the scopes %j may do what they say and no more', async (scopes, { reads, writes }) => {
    const world = await aWorld();
    const organizationId = world.organization.id;
    const { id, token } = await anApiKey(service, world, scopes);

    const read = await ask(ReadSettings, { organizationId }, { token });
    const person = await ask(ReadPerson, { id: world.owner.id }, { token });
    const history = await ask(ReadHistory, { organizationId }, { token });
    const input = { organizationId, disabledModels: ['gpt-4o-mini'] };
    const { data } = await ask(UpdateSettings, { input }, { token });

    expect(read.errors === undefined).toBe(reads);
    expect(person.data?.node != null).toBe(reads);
    expect(history.errors?.[0]?.extensions).toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
    expect(data?.updateModelSettings).toMatchObject(
      writes
        ? { __typename: 'OrganizationModelSettings', disabledModels: ['gpt-4o-mini'], updatedBy: null }
        : { __typename: 'ModelgateForbiddenError', message: 'This API key lacks the scope SETTINGS_WRITE' },
    );
    const entries = await ask(Actors, { organizationId }, { as: world.owner });
    const [newest] = entries.data?.organization?.revisions?.edges ?? [];
    expect(newest?.node).toEqual(
      writes
        ? { action: 'MODEL_SETTINGS_UPDATED', actor: null, actorApiKeyId: id }
        : { action: 'API_KEY_CREATED', actor: { id: world.owner.id }, actorApiKeyId: null },
    );
  });

  it('acts in its one organization, and finds another as if it did not exist', async () => {
    const world = await aWorld();
    const { token } = await anApiKey(service, world, ['READ', 'SETTINGS_WRITE', 'KEYS_USE', 'USAGE_WRITE']);

    for (const organizationId of [world.foreignOrganization.id, 'org_absent']) {
      const read = await ask(ReadSettings, { organizationId }, { token });
      const input = { organizationId, disabledModels: ['gpt-4o-mini'] };
      const { data } = await ask(UpdateSettings, { input }, { token });

      expect(read.errors?.[0]?.extensions).toMatchObject({ code: 'ORGANIZATION_ACCESS_DENIED' });
      expect(data?.updateModelSettings).toMatchObject({ __typename: 'ModelgateForbiddenError', organizationId });
    }
    expect((await ask(ReadPerson, { id: world.stranger.id }, { token })).data?.node).toBe(null);
  });
});
