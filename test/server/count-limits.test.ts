import { describe, expect, it } from 'vitest';
import { CreateConfig } from '../kit/config-operations.ts';
import { CreateOrganization } from '../kit/members.ts';
import { startService } from '../kit/service.ts';
import { aReport, record } from '../kit/usage.ts';
import { anOrganization } from '../kit/world.ts';

const few = { modelConfigs: 2, providerKeys: 2, apiKeys: 2, organizations: 2, usageModels: 2 };
const service = await startService({ limits: few });
const { ask, aWorld, db, heard } = service;

interface Told {
  __typename: string;
  message?: string;
}

/** Ten at once, of which two may come true. */
async function tenAtOnce(make: (n: number) => Promise<Told | undefined>) {
  const told = await Promise.all(Array.from({ length: 10 }, (_, n) => make(n)));
  const refused = told.filter((answer) => answer?.__typename === 'ModelgateValidationError');
  expect(refused).toHaveLength(8);
  expect(refused[0]?.message).toContain('2 at most');
}

describe('no more than so many may be made, also at once, of', () => {
  it('the configurations of an owner', async () => {
    const { organization, admin, member } = await aWorld();
    const create = (scope: 'USER' | 'ORGANIZATION', as: { id: string }) => async () => {
      const input = { organizationId: organization.id, scope, provider: 'openai', modelId: 'gpt-4.1' };
      return (await ask(CreateConfig, { input }, { as })).data?.createModelConfig;
    };

    await tenAtOnce(create('ORGANIZATION', admin));
    await tenAtOnce(create('USER', admin));
    await tenAtOnce(create('USER', member));

    expect(await db.modelConfig.count({ where: { organizationId: organization.id } })).toBe(6);
  });

  it('provider keys', async () => {
    const { organization, admin } = await aWorld();
    await tenAtOnce(async (n) => {
      const { data } = await ask<{ createProviderKey: Told }, Record<string, never>>(
        `mutation { createProviderKey(input: { organizationId: "${organization.id}", provider: "openai", name: "${n}",
          secret: "sk-proj-0123456789" }) { __typename ... on ModelgateError { message } } }`,
        {},
        { as: admin },
      );
      return data?.createProviderKey;
    });
  });

  it('API keys that let in', async () => {
    const { organization, owner } = await aWorld();
    const create = async () => {
      const { data } = await ask<{ createApiKey: Told & { apiKey?: { id: string } } }, Record<string, never>>(
        `mutation { createApiKey(input: { organizationId: "${organization.id}", name: "x", scopes: [READ] }) {
          __typename ... on ModelgateError { message } ... on CreateApiKeyPayload { apiKey { id } } } }`,
        {},
        { as: owner },
      );
      return data?.createApiKey;
    };
    await tenAtOnce(create);

    const [{ id } = { id: '' }] = await db.apiKey.findMany({ where: { organizationId: organization.id } });
    await ask(`mutation { revokeApiKey(input: { id: "${id}" }) { __typename } }`, {}, { as: owner });

    expect(await create()).toMatchObject({ __typename: 'CreateApiKeyPayload' });
  });

  it('the organizations of a user', async () => {
    const { member } = await aWorld();

    await tenAtOnce(
      async (n) => (await ask(CreateOrganization, { name: `${n}` }, { as: member })).data?.createOrganization,
    );

    expect(await db.membership.count({ where: { userId: member.id, role: 'OWNER' } })).toBe(2);
  });
});

describe('a list without pages is cut where the client says, or the service', () => {
  it('of the models that were used, to those used most', async () => {
    const { organization, owner } = await aWorld();
    const reports = ['a', 'b', 'b', 'c', 'c', 'c'].map((key) => aReport({ modelKey: `openai/${key}` }));
    await record(service, organization, owner, reports);
    const read = (first: string) =>
      ask<{ modelConfigUsage: { modelId: string }[] }, Record<string, never>>(
        `{ modelConfigUsage(organizationId: "${organization.id}"${first}) { modelId } }`,
        {},
        { as: owner },
      );

    expect((await read('')).data?.modelConfigUsage).toEqual([{ modelId: 'c' }, { modelId: 'b' }]);
    expect((await read(', first: 1')).data?.modelConfigUsage).toEqual([{ modelId: 'c' }]);
    expect((await read(', first: 3')).errors).toMatchObject([{ message: 'first: must be from 0 to 2' }]);
  });

  it('of the memberships of the viewer, in their order', async () => {
    const { organization, owner } = await aWorld();
    const others = await Promise.all([1, 2, 3].map((n) => anOrganization(db, `${n}`)));
    const data = others.map(({ id }) => ({ organizationId: id, userId: owner.id, role: 'MEMBER' as const }));
    await db.membership.createMany({ data });
    await heard();
    const ids = [organization, ...others].map(({ id }) => id).sort();
    const read = async (args: string) => {
      const query = `{ caller { memberships${args} { organizationId role } } }`;
      const answer = await ask<{ caller: { memberships: { organizationId: string }[] } }, Record<string, never>>(
        query,
        {},
        { as: owner },
      );
      return answer.data?.caller.memberships.map(({ organizationId }) => organizationId) ?? answer.errors?.[0]?.message;
    };

    expect(await read('')).toEqual(ids);
    expect(await read('(first: 2)')).toEqual(ids.slice(0, 2));
    expect(await read(`(first: 2, after: "${ids[1]}")`)).toEqual(ids.slice(2));
    expect(await read(`(after: "${ids[3]}")`)).toEqual([]);
    expect(await read('(first: -1)')).toBe('first: must not be negative');
  });
});
