import { describe, expect, it } from 'vitest';
import { CreateConfig } from '../kit/config-operations.ts';
import { anApiKey } from '../kit/keys.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { askFor, Refusals, refusalsOf, thatDay } from '../kit/refusals.ts';
import { restOf } from '../kit/rest.ts';
import { nothingRemembered, startService } from '../kit/service.ts';
import { aMember, type World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db, heard } = service;

/** A world whose organization has disabled a provider. */
async function aStrictWorld(): Promise<World> {
  const world = await aWorld();
  const input = { organizationId: world.organization.id, disabledProviders: ['openai'] };
  await ask(UpdateSettings, { input }, { as: world.admin });
  await heard();
  return world;
}

const lastAt = '2026-11-22T12:00:00.000Z';

describe('the refusals of an organization', () => {
  it('are those of each person and model, also those that a cache answered, most frequent first', async () => {
    const { organization, admin, member, owner } = await aStrictWorld();
    for (let time = 0; time < 3; time += 1) await askFor(service, organization, 'GPT-4o', { as: member });
    await askFor(service, organization, ' no-such model', { as: member });
    await askFor(service, organization, 'gpt-4o', { as: owner });
    await askFor(service, organization, 'openai/gpt-4o', { as: owner });
    await askFor(service, organization, 'claude-sonnet-4-5', { as: member });

    const told = await refusalsOf(service, { organization, admin });

    const ofModel = {
      modelKey: 'openai/gpt-4o',
      model: { id: 'mdl_openai/gpt-4o' },
      reason: 'PROVIDER_DISABLED',
      lastAt,
    };
    const ofName = { modelKey: 'no-such model', model: null, reason: 'UNKNOWN_MODEL', lastAt };
    const by = ({ id }: { id: string }) => ({ subjectId: id, user: { id } });
    expect(told).toEqual([
      { ...by(member), ...ofModel, count: '3' },
      { ...by(owner), ...ofModel, count: '2' },
      { ...by(member), ...ofName, count: '1' },
    ]);
  });

  it('are counted where nothing is cached, and by several processes, which add up', async () => {
    const { organization, admin, member } = await aStrictWorld();
    const another = service.anotherInstance({ cache: nothingRemembered });
    for (const each of [service, another, another]) await askFor(each, organization, 'gpt-4o', { as: member });
    await Promise.all([service.refusals.flush(), another.refusals.flush()]);
    await askFor(another, organization, 'gpt-4o', { as: member });
    await another.refusals.flush();

    expect(await refusalsOf(service, { organization, admin })).toMatchObject([{ count: '4' }]);
  });

  it('are also those of services, and of configurations that could not be created, in the graph and at the REST route', async () => {
    const world = await aStrictWorld();
    const { organization, member, admin } = world;
    const { id, token } = await anApiKey(service, world, ['READ']);
    await askFor(service, organization, 'gpt-4o', { token });
    const input = { organizationId: organization.id, provider: 'openai', modelId: 'mdl_openai/gpt-4o' };
    await ask(CreateConfig, { input }, { as: member });
    await ask(CreateConfig, { input: { ...input, provider: 'anthropic', modelId: 'nothing' } }, { as: member });
    const body = { provider: 'openai', modelId: 'gpt-4o' };
    const headers = { 'x-organization-id': organization.id };
    await restOf(service)('POST', '/v1/model-configs', { as: member, headers, body });

    const told = await refusalsOf(service, { organization, admin });

    expect(told).toHaveLength(3);
    expect(told).toMatchObject([
      { subjectId: member.id, modelKey: 'openai/gpt-4o', reason: 'PROVIDER_DISABLED', count: '2' },
      expect.anything(),
      expect.anything(),
    ]);
    expect(told).toContainEqual(
      expect.objectContaining({ subjectId: id, user: null, modelKey: 'openai/gpt-4o', count: '1' }),
    );
    expect(told).toContainEqual(expect.objectContaining({ modelKey: 'anthropic/nothing', reason: 'UNKNOWN_MODEL' }));
  });

  it.each(['', ' ', 'gpt\u0000', 'gpt\u200b9', 'x'.repeat(201)])(
    'have no name that no model can have: %j',
    async (name) => {
      const { organization, admin, member } = await aWorld();
      await askFor(service, organization, name, { as: member });

      expect(await refusalsOf(service, { organization, admin })).toMatchObject([
        { modelKey: null, model: null, count: '1' },
      ]);
    },
  );

  it('are none of lists, of what is allowed, and of settings', async () => {
    const { organization, admin, member } = await aStrictWorld();
    const id = organization.id;
    const lists = `{
      models(organizationId: "${id}") { edges { node { access(organizationId: "${id}") { allowed reasons } } } }
      modelGroups(organizationId: "${id}") { options { access { allowed } } }
      node(id: "mdl_openai/gpt-4o") { ... on Model { access(organizationId: "${id}") { allowed } } }
      organization(id: "${id}") { effectiveDefaultModel { source } }
    }`;
    const { errors } = await ask(lists, {}, { as: member });
    await restOf(service)('GET', `/v1/organizations/${id}/models`, { as: member });
    await askFor(service, organization, 'claude-sonnet-4-5', { as: member });
    await ask(UpdateSettings, { input: { organizationId: id, defaultModelKey: 'gpt-4o' } }, { as: admin });
    await ask(UpdateSettings, { input: { organizationId: id, defaultModelKey: 'nothing' } }, { as: admin });

    expect(errors).toBe(undefined);
    expect(await refusalsOf(service, { organization, admin })).toEqual([]);
  });

  it('have no trace of a stranger, whom the organization itself is refused', async () => {
    const { organization, stranger, admin } = await aStrictWorld();
    const { errors } = await askFor(service, organization, 'gpt-4o', { as: stranger });
    const input = { organizationId: organization.id, provider: 'openai', modelId: 'gpt-4o' };
    await ask(CreateConfig, { input }, { as: stranger });
    await service.refusals.flush();

    expect(errors).toMatchObject([{ extensions: { code: 'ORGANIZATION_ACCESS_DENIED' } }]);
    expect(await refusalsOf(service, { organization, admin })).toEqual([]);
    expect(await db.modelRefusal.count({ where: { subjectId: stranger.id } })).toBe(0);
  });

  it('are paged both ways, each once, and counted', async () => {
    const { organization, admin, member } = await aStrictWorld();
    for (let index = 0; index < 7; index += 1) await askFor(service, organization, `name-${index % 5}`, { as: member });
    const page = async (args: object) => {
      const { data } = await ask(Refusals, { id: organization.id, ...thatDay, ...args }, { as: admin });
      const found = data?.organization?.refusals;
      return { ...found?.pageInfo, total: found?.totalCount, keys: found?.edges.map(({ node }) => node.modelKey) };
    };
    const all = await refusalsOf(service, { organization, admin });
    const keys = all?.map(({ modelKey }) => modelKey);

    const first = await page({ first: 2 });
    const second = await page({ first: 2, after: first.endCursor });
    const third = await page({ first: 2, after: second.endCursor });
    const back = await page({ last: 2, before: third.startCursor });

    expect(all?.map(({ count }) => count)).toEqual(['2', '2', '1', '1', '1']);
    expect([first.keys, second.keys, third.keys].flat()).toEqual(keys);
    expect(third).toMatchObject({ hasNextPage: false, total: 5 });
    expect(back.keys).toEqual(second.keys);
  });

  it('of several organizations take two statements, and their people one more', async () => {
    const world = await aStrictWorld();
    const { organization, foreignOrganization, admin, member } = world;
    const membership = { userId: admin.id, role: 'ADMIN' as const };
    await db.membership.create({ data: { ...membership, organizationId: foreignOrganization.id } });
    const others = await Promise.all([1, 2, 3].map(() => aMember(db, foreignOrganization, 'MEMBER')));
    await heard();
    for (const other of others) await askFor(service, foreignOrganization, 'nothing', { as: other });
    await askFor(service, organization, 'gpt-4o', { as: member });
    await service.refusals.flush();
    const period = `from: "${thatDay.from}", to: "${thatDay.to}"`;
    const fields = `refusals(${period}) { totalCount edges { node { count user { id } model { id } } } }`;
    const query = `{ a: organization(id: "${organization.id}") { ${fields} } b: organization(id: "${foreignOrganization.id}") { ${fields} } }`;
    await ask(query, {}, { as: admin });
    service.takeStatements();

    const { data } = await ask<Record<string, { refusals: { totalCount: number } }>, Record<string, never>>(
      query,
      {},
      { as: admin },
    );

    const statements = service.takeStatements();
    expect([data?.a?.refusals.totalCount, data?.b?.refusals.totalCount]).toEqual([1, 3]);
    expect(statements.filter((sql) => sql.includes('"ModelRefusal"'))).toHaveLength(2);
    expect(statements.filter((sql) => sql.includes('"User"'))).toHaveLength(1);
  });

  it('are never answered from a cache', async () => {
    const { organization, admin, member } = await aStrictWorld();
    for (const count of ['1', '2']) {
      await askFor(service, organization, 'gpt-4o', { as: member });
      expect(await refusalsOf(service, { organization, admin })).toMatchObject([{ count }]);
    }
  });

  it.each([
    [{ from: thatDay.to, to: thatDay.from }, 'to'],
    [{ from: '2026-11-22T10:10:00Z', to: '2026-11-22T10:50:00Z' }, 'to'],
    [{ from: '1999-12-31T00:00:00Z', to: thatDay.to }, 'from'],
    [{ ...thatDay, first: 101 }, 'first'],
    [{ ...thatDay, after: Buffer.from('["1","2026-11-22T12:00:00.000Z","x"]').toString('base64url') }, 'after'],
  ])('of a period or page that makes no sense are refused with its path: %j', async (args, path) => {
    const { organization, admin } = await aWorld();

    const { errors } = await ask(Refusals, { id: organization.id, ...args }, { as: admin });

    expect(errors).toMatchObject([{ extensions: { code: 'VALIDATION_ERROR', details: { issues: [{ path }] } } }]);
  });

  it('are told by whole hours, and for 90 days', async () => {
    const { organization, admin } = await aWorld();
    const row = { organizationId: organization.id, subjectId: 'usr_gone', modelKey: 'x', reason: 'RETIRED', count: 1 };
    const hours = ['2026-08-24T11:00:00Z', '2026-08-24T12:00:00Z', '2026-11-22T11:00:00Z', '2026-11-22T12:00:00Z'];
    await db.modelRefusal.createMany({ data: hours.map((hour) => ({ ...row, hour, lastAt: hour })) });
    const countIn = async (from: string, to: string) => {
      const { data } = await ask(Refusals, { id: organization.id, from, to }, { as: admin });
      return data?.organization?.refusals?.edges.map(({ node }) => node.count);
    };

    expect(await countIn('2026-11-22T11:59:00Z', '2026-11-22T12:59:00Z')).toEqual(['1']);
    expect(await countIn('2026-11-22T11:00:00Z', '2026-11-22T13:00:00Z')).toEqual(['2']);
    expect(await countIn('2020-01-01T00:00:00Z', '2026-11-22T13:00:00Z')).toEqual(['3']);
    expect(await countIn('2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z')).toEqual([]);
  });
});
