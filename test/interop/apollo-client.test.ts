import {
  ApolloClient,
  ApolloLink,
  CombinedGraphQLErrors,
  gql,
  HttpLink,
  InMemoryCache,
  type InMemoryCacheConfig,
} from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { relayStylePagination } from '@apollo/client/utilities';
import { print } from 'graphql';
import { createClient } from 'graphql-sse';
import { Observable, tap } from 'rxjs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  CallerDocument,
  CreateModelConfigDocument,
  idOf,
  isModelgateError,
  MembersDocument,
  ModelSettingsDocument,
  ModelsDocument,
  OrganizationRevisionDocument,
  possibleTypes,
  SetMemberRoleDocument,
  UpdateModelSettingsDocument,
} from '../../clients/typescript/src/index.ts';
import { openPersistedDocuments } from '../../src/server.ts';
import { startService } from '../kit/service.ts';
import { addressOf, headersOf } from './asked.ts';

const service = await startService();
const uri = await addressOf(service);
const { organization, owner, admin, member, stranger } = await service.aWorld();
const organizationId = organization.id;

const withTypes: InMemoryCacheConfig = {
  possibleTypes,
  typePolicies: {
    Membership: { keyFields: ['organizationId', 'userId'] },
    Query: { fields: { models: relayStylePagination(['organizationId', 'filter']) } },
  },
};

async function clientOf(person: { id: string }, { config = withTypes, link, at = uri }: Options = {}) {
  const http = new HttpLink({ uri: at, headers: await headersOf(person) });
  return new ApolloClient({ link: link ? ApolloLink.from([link, http]) : http, cache: new InMemoryCache(config) });
}

interface Options {
  config?: InMemoryCacheConfig;
  link?: ApolloLink;
  at?: string;
}

describe('Apollo Client', () => {
  it.each([
    ['possibleTypes', withTypes],
    ['no possibleTypes', {}],
  ])('keeps the typed errors of a result, with %s', async (_, config) => {
    // Without them it warns of each fragment that is on another type.
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    const [client, ofMember] = await Promise.all([clientOf(admin, { config }), clientOf(member, { config })]);
    const variables = { input: { organizationId, disabledProviders: ['opnai'] } };

    const invalid = await client.mutate({ mutation: UpdateModelSettingsDocument, variables });
    const denied = await ofMember.mutate({ mutation: UpdateModelSettingsDocument, variables });

    expect(invalid.data?.updateModelSettings).toEqual({
      __typename: 'InvalidProviderSlugError',
      code: 'INVALID_PROVIDER_SLUG',
      message: expect.stringContaining('opnai'),
      invalidProviders: ['opnai'],
      validProviders: expect.arrayContaining(['openai']),
    });
    if (config === withTypes) expect(warn).not.toHaveBeenCalled();
    const result = denied.data?.updateModelSettings;
    expect(result && isModelgateError(result) && result.code).toBe('INSUFFICIENT_PERMISSIONS');
  });

  it('keeps those of a document of its own, told by their interface, with possibleTypes', async () => {
    const mutation = gql`
      mutation DisableAsSeen($input: UpdateModelSettingsInput!) {
        updateModelSettings(input: $input) {
          ... on ModelgateError {
            code
            message
          }
        }
      }
    `;
    const variables = { input: { organizationId, disabledProviders: ['opnai'] } };

    const known = await (await clientOf(admin)).mutate<{ updateModelSettings: object }>({ mutation, variables });

    expect(known.data?.updateModelSettings).toMatchObject({ code: 'INVALID_PROVIDER_SLUG' });
  });

  it('sees in each query what a change answers, by the id of the object', async () => {
    const client = await clientOf(owner);
    const settings = { query: ModelSettingsDocument, variables: { organizationId } };
    await Promise.all([
      client.query(settings),
      client.query({ query: MembersDocument, variables: { organizationId } }),
    ]);

    await client.mutate({
      mutation: UpdateModelSettingsDocument,
      variables: { input: { organizationId, disabledProviders: ['mistral'] } },
    });
    await client.mutate({
      mutation: SetMemberRoleDocument,
      variables: { input: { organizationId, userId: member.id, role: 'ADMIN' } },
    });
    await client.mutate({
      mutation: SetMemberRoleDocument,
      variables: { input: { organizationId, userId: member.id, role: 'MEMBER' } },
    });
    const read = client.readQuery(settings);
    const entries = Object.keys(client.cache.extract() as object);

    expect(read?.organizationModelSettings).toMatchObject({ disabledProviders: ['mistral'] });
    expect(entries.filter((key) => key.startsWith('Membership:'))).toHaveLength(3);
    expect(entries).toContain(`OrganizationModelSettings:${read?.organizationModelSettings.id}`);
  });

  it('joins the pages of a connection', async () => {
    const client = await clientOf(member);
    const models = { query: ModelsDocument, variables: { organizationId, first: 3 } };
    const { data } = await client.query(models);

    await client.watchQuery(models).fetchMore({ variables: { after: data?.models.pageInfo.endCursor ?? null } });

    const { edges } = client.readQuery({ query: ModelsDocument, variables: { organizationId } })?.models ?? {};
    expect(new Set(edges?.map(({ node }) => node?.id)).size).toBe(6);
  });

  it('is answered by ids alone, and normalizes what it is answered', async () => {
    const only = service.anotherInstance({ persistedDocuments: openPersistedDocuments({ files: [], only: true }) });
    const link = new PersistedQueryLink({ generateHash: idOf });
    const client = await clientOf(admin, { link, at: await addressOf(only) });

    const { data } = await client.query({ query: CallerDocument });
    const ofItsOwn = client.query({ query: gql`{ caller { kind } }`, fetchPolicy: 'network-only' });
    await expect(ofItsOwn).rejects.toThrow('This is no document of @modelgate/client.');

    expect(data?.caller.user?.id).toBe(admin.id);
    expect(Object.keys(client.cache.extract() as object)).toContain(`User:${admin.id}`);
  });

  it('throws top-level errors with their codes; its links know the Retry-After of a rate limit', async () => {
    const limited = service.anotherInstance({ limits: { viewerPoints: 1, rateWindowSeconds: 600 } });
    const retryAfter: unknown[] = [];
    const note = new ApolloLink((operation, forward) =>
      forward(operation).pipe(
        tap(() => void retryAfter.push((operation.getContext().response as Response).headers.get('retry-after'))),
      ),
    );
    const foreign = await clientOf(stranger);
    const tooMany = await clientOf(member, { at: await addressOf(limited), link: note });
    const bad = new ApolloClient({
      link: new HttpLink({ uri, headers: { authorization: 'Bearer no.token' } }),
      cache: new InMemoryCache(),
    });
    const settings = { query: ModelSettingsDocument, variables: { organizationId } };
    const errorOf = (asking: Promise<unknown>) => asking.catch((error: unknown) => error);
    const codeOf = (error: unknown) => CombinedGraphQLErrors.is(error) && error.errors[0]?.extensions?.code;

    expect(codeOf(await errorOf(foreign.query(settings)))).toBe('ORGANIZATION_ACCESS_DENIED');
    expect(codeOf(await errorOf(bad.query(settings)))).toBe('AUTHENTICATION_REQUIRED');
    await errorOf(tooMany.query(settings));
    expect(codeOf(await errorOf(tooMany.query({ ...settings, fetchPolicy: 'network-only' })))).toBe('RATE_LIMITED');
    expect(retryAfter.at(-1)).toMatch(/^\d{3}$/);
  });

  it('throws what fetch says where nothing answers', async () => {
    const client = await clientOf(admin, { at: 'http://127.0.0.1:9/graphql' });

    await expect(client.query({ query: CallerDocument })).rejects.toThrow('fetch failed');
  });

  it('follows an organization by server-sent events, through a link of graphql-sse', async () => {
    const events = createClient({ url: uri, headers: await headersOf(admin), retryAttempts: 0 });
    const link = new ApolloLink(
      ({ query, variables, operationName }) =>
        new Observable((observer) =>
          events.subscribe(
            { query: print(query), variables, operationName: operationName ?? '' },
            {
              next: (value) => observer.next(value as ApolloLink.Result),
              error: (error) => observer.error(error),
              complete: () => observer.complete(),
            },
          ),
        ),
    );
    const client = new ApolloClient({ link, cache: new InMemoryCache(withTypes) });
    const input = { organizationId, provider: 'openai', modelId: 'gpt-4.1' };
    await (await clientOf(member)).mutate({ mutation: CreateModelConfigDocument, variables: { input } });

    const first = await new Promise((resolve, reject) => {
      const subscription = client
        .subscribe({ query: OrganizationRevisionDocument, variables: { organizationId, sinceRevision: 0 } })
        .subscribe({
          next: ({ data }) => {
            subscription.unsubscribe();
            resolve(data?.organizationRevision);
          },
          error: reject,
        });
    });

    expect(first).toMatchObject({ __typename: 'OrganizationRevision', number: 1, action: 'MODEL_SETTINGS_UPDATED' });
  });
});
