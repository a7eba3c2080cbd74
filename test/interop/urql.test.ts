import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, type ClientOptions, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { persistedExchange } from '@urql/exchange-persisted';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  CallerDocument,
  EffectiveDefaultModelDocument,
  idOf,
  isModelgateError,
  MembersDocument,
  ModelSettingsDocument,
  OrganizationRevisionDocument,
  UpdateModelSettingsDocument,
} from '../../clients/typescript/src/index.ts';
import { openPersistedDocuments } from '../../src/server.ts';
import { startService } from '../kit/service.ts';
import { addressOf, headersOf } from './asked.ts';

const service = await startService();
const url = await addressOf(service);
const { organization, owner, admin, member, stranger } = await service.aWorld();
const organizationId = organization.id;
const sdl = await readFile(join(import.meta.dirname, '../../schema.graphql'), 'utf8');
const schema = introspectionFromSchema(buildSchema(sdl, { assumeValidSDL: true }), { descriptions: false });

/** As an application on graphcache has it: what has no id of its own is kept in what it belongs to. */
const graphcache = () =>
  cacheExchange({
    schema,
    keys: {
      Membership: ({ organizationId, userId }) => `${organizationId}:${userId}`,
      ...Object.fromEntries(withoutId.map((name) => [name, () => null])),
    },
  });
const withoutId = ['Caller', 'EffectiveDefaultModel', 'ModelAccess', 'SkippedDefault'];

async function clientOf(person: { id: string }, options: Partial<ClientOptions> = {}): Promise<Client> {
  const headers = await headersOf(person);
  return new Client({ url, exchanges: [graphcache(), fetchExchange], fetchOptions: { headers }, ...options });
}

/** What graphcache warns of. */
function warnings() {
  const spy = vi.spyOn(console, 'warn').mockImplementation(() => {});
  onTestFinished(() => spy.mockRestore());
  return () => spy.mock.calls.map(([first]) => first);
}

describe('urql with graphcache, which knows the schema', () => {
  it('keeps the typed errors of a result', async () => {
    const warned = warnings();
    const variables = { input: { organizationId, disabledProviders: ['opnai'] } };

    const invalid = await (await clientOf(admin)).mutation(UpdateModelSettingsDocument, variables);
    const denied = await (await clientOf(member)).mutation(UpdateModelSettingsDocument, variables);

    expect(invalid.data?.updateModelSettings).toMatchObject({
      __typename: 'InvalidProviderSlugError',
      code: 'INVALID_PROVIDER_SLUG',
      invalidProviders: ['opnai'],
    });
    const result = denied.data?.updateModelSettings;
    expect(result && isModelgateError(result) && result.code).toBe('INSUFFICIENT_PERMISSIONS');
    expect(warned()).toEqual([]);
  });

  it('sees in each query what a change answers, by the id of the object', async () => {
    const warned = warnings();
    const client = await clientOf(owner);
    await client.query(ModelSettingsDocument, { organizationId });
    await client.query(MembersDocument, { organizationId });
    await client.query(CallerDocument, {});
    await client.query(EffectiveDefaultModelDocument, { organizationId });

    await client.mutation(UpdateModelSettingsDocument, { input: { organizationId, disabledProviders: ['mistral'] } });
    const { data } = await client.query(ModelSettingsDocument, { organizationId }, { requestPolicy: 'cache-only' });

    expect(data?.organizationModelSettings).toMatchObject({ disabledProviders: ['mistral'] });
    expect(warned()).toEqual([]);
  });

  it('is answered by ids alone', async () => {
    const only = service.anotherInstance({ persistedDocuments: openPersistedDocuments({ files: [], only: true }) });
    const persisted = persistedExchange({
      enforcePersistedQueries: true,
      enableForMutation: true,
      generateHash: async (_, document) => idOf(document),
    });
    const exchanges = [graphcache(), persisted, fetchExchange];
    const client = await clientOf(admin, { url: await addressOf(only), exchanges });

    const { data, error } = await client.query(CallerDocument, {});

    expect(error).toBe(undefined);
    expect(data?.caller.user?.id).toBe(admin.id);
  });

  it('answers top-level errors with their codes, the status and Retry-After, and what fetch says', async () => {
    const limited = service.anotherInstance({ limits: { viewerPoints: 1, rateWindowSeconds: 600 } });
    const tooMany = await clientOf(member, { url: await addressOf(limited) });
    const bad = new Client({
      url,
      exchanges: [fetchExchange],
      fetchOptions: { headers: { authorization: 'Bearer no.token' } },
    });
    const nobody = await clientOf(member, { url: 'http://127.0.0.1:9/graphql' });
    const faultOf = async (client: Client) => {
      const { error } = await client.query(
        ModelSettingsDocument,
        { organizationId },
        { requestPolicy: 'network-only' },
      );
      const { status, headers } = (error?.response ?? {}) as Partial<Response>;
      return { status, code: error?.graphQLErrors[0]?.extensions.code, retryAfter: headers?.get('retry-after') };
    };
    await faultOf(tooMany);

    expect(await faultOf(await clientOf(stranger))).toMatchObject({ code: 'ORGANIZATION_ACCESS_DENIED' });
    expect(await faultOf(bad)).toMatchObject({ status: 401, code: 'AUTHENTICATION_REQUIRED' });
    expect(await faultOf(tooMany)).toMatchObject({
      status: 429,
      code: 'RATE_LIMITED',
      retryAfter: expect.stringMatching(/^\d{3}$/),
    });
    const { error } = await nobody.query(CallerDocument, {});
    expect(error?.networkError?.message).toBe('fetch failed');
  });
});

describe('urql', () => {
  it('follows an organization by server-sent events, with nothing but its fetchExchange', async () => {
    const client = await clientOf(admin, { exchanges: [fetchExchange], fetchSubscriptions: true });

    const first = await new Promise<unknown>((resolve) => {
      const { unsubscribe } = client
        .subscription(OrganizationRevisionDocument, { organizationId, sinceRevision: 0 })
        .subscribe(({ data, error }) => {
          queueMicrotask(() => unsubscribe());
          resolve(error ?? data?.organizationRevision);
        });
    });

    expect(first).toMatchObject({ number: 1, action: 'MODEL_SETTINGS_UPDATED' });
  });
});
