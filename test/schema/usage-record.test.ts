import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { startService } from '../kit/service.ts';
import { aReport, ReadUsage, type Report, record } from '../kit/usage.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db } = service;

async function aConfig(organizationId: string, creator: { id: string }, userId: string | null = null) {
  const id = typeid('cfg').toString();
  const model = { provider: 'anthropic', modelId: 'claude-sonnet-4-6' };
  const times = { createdAt: new Date(), updatedAt: new Date() };
  await db.modelConfig.create({ data: { id, organizationId, userId, creatorId: creator.id, ...model, ...times } });
  return id;
}

async function usageOf({ organization, member }: World) {
  const { data } = await ask(ReadUsage, { organizationId: organization.id }, { as: member });
  return data?.modelConfigUsage;
}

describe('recordModelUsage', () => {
  it('records a batch at the prices of the catalog, and adds it up by model', async () => {
    const world = await aWorld();
    const configId = await aConfig(world.organization.id, world.admin);

    const outcome = await record(service, world.organization, world.admin, [
      aReport({ usedAt: '2026-11-20T10:15:00.250Z' }),
      aReport({ modelKey: 'openai/gpt-4o', promptTokens: 1, completionTokens: 0, usedAt: '2026-11-20T09:00:00Z' }),
      aReport({ modelConfigId: configId }),
    ]);

    expect(outcome).toEqual({ __typename: 'RecordModelUsagePayload', recorded: 3, duplicates: 0 });
    expect(await usageOf(world)).toEqual([
      {
        provider: 'openai',
        modelId: 'gpt-4o',
        model: { id: 'mdl_openai/gpt-4o' },
        usageCount: '2',
        promptTokens: '1001',
        completionTokens: '500',
        totalTokens: '1501',
        // 0.0025 and 0.01 dollars for 1,000 tokens.
        cost: '0.0075025',
        unpricedCount: '0',
        lastUsedAt: '2026-11-20T10:15:00.250Z',
      },
      expect.objectContaining({
        model: { id: 'mdl_anthropic/claude-sonnet-4-6' },
        usageCount: '1',
        lastUsedAt: '2026-11-22T12:00:00.000Z',
      }),
    ]);
  });

  it('counts a record id once, in a batch and over batches, and lets the first report stand', async () => {
    const world = await aWorld();
    const first = aReport({ promptTokens: 7, completionTokens: 0 });
    const send = (records: Report[]) => record(service, world.organization, world.owner, records);

    const twice = await send([first, { ...first, promptTokens: 8 }]);
    const again = await send([
      { ...first, modelKey: 'claude-sonnet-4-6' },
      aReport({ promptTokens: 1, completionTokens: 0 }),
    ]);

    expect([twice, again]).toMatchObject([
      { recorded: 1, duplicates: 1 },
      { recorded: 1, duplicates: 1 },
    ]);
    expect(await usageOf(world)).toMatchObject([{ modelId: 'gpt-4o', usageCount: '2', promptTokens: '8' }]);
  });

  it('keeps the same record id of two organizations apart', async () => {
    const world = await aWorld();
    const report = aReport();

    await record(service, world.foreignOrganization, world.stranger, [report]);
    const outcome = await record(service, world.organization, world.admin, [report]);

    expect(outcome).toMatchObject({ recorded: 1, duplicates: 0 });
    expect(await usageOf(world)).toMatchObject([{ usageCount: '1' }]);
  });

  it('stores the canonical name of an alias, and takes a model that only its provider knows at an unknown price', async () => {
    const world = await aWorld();

    await record(service, world.organization, world.admin, [
      aReport({ modelKey: 'openai/gpt-next-preview' }),
      aReport({ modelKey: 'gpt-4o-2024-08-06' }),
    ]);

    const usage = await usageOf(world);
    expect(usage?.find(({ modelId }) => modelId === 'gpt-next-preview')).toMatchObject({
      provider: 'openai',
      model: null,
      cost: null,
      unpricedCount: '1',
    });
    expect(usage).toHaveLength(2);
  });

  it('takes sums that 32 bits do not hold', async () => {
    const world = await aWorld();
    const large = { promptTokens: 2_147_483_647, completionTokens: 2_147_483_647 };

    await record(service, world.organization, world.admin, [aReport(large), aReport(large), aReport(large)]);

    expect(await usageOf(world)).toMatchObject([{ totalTokens: '12884901882', cost: '80530.6367625' }]);
  });

  it('takes 1,000 records and nothing at all, not 1,001', async () => {
    const world = await aWorld();
    const send = (count: number) =>
      record(
        service,
        world.organization,
        world.admin,
        Array.from({ length: count }, () => aReport()),
      );

    expect(await send(1000)).toMatchObject({ recorded: 1000, duplicates: 0 });
    expect(await send(0)).toMatchObject({ recorded: 0, duplicates: 0 });
    expect(await send(1001)).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: 'records', message: 'must not have more than 1000 entries' }],
    });
  });

  it.each<[string, Partial<Report>, string]>([
    ['a negative count', { promptTokens: -1 }, 'records.1.promptTokens'],
    ['an empty id', { id: '' }, 'records.1.id'],
    ['a long id', { id: 'x'.repeat(201) }, 'records.1.id'],
    ['an id with a NUL', { id: 'a\u0000b' }, 'records.1.id'],
    ['neither a config nor a model', { modelKey: null }, 'records.1'],
    ['both a config and a model', { modelKey: 'gpt-4o', modelConfigId: 'cfg_x' }, 'records.1'],
    ['a model that nobody has', { modelKey: 'gpt-unheard-of' }, 'records.1.modelKey'],
    ['a provider that nobody has', { modelKey: 'acme/gpt' }, 'records.1.modelKey'],
    ['a provider without a model', { modelKey: 'openai/' }, 'records.1.modelKey'],
    ['an absent config', { modelConfigId: 'cfg_absent' }, 'records.1.modelConfigId'],
    ['a time far ahead', { usedAt: '2026-11-22T13:00:00.001Z' }, 'records.1.usedAt'],
    ['a time before 2000', { usedAt: '1999-12-31T23:59:59Z' }, 'records.1.usedAt'],
  ])('refuses %s, and records nothing of the batch', async (_, fault, path) => {
    const world = await aWorld();

    const outcome = await record(service, world.organization, world.admin, [aReport(), aReport(fault), aReport()]);

    expect(outcome).toMatchObject({ __typename: 'ValidationError', code: 'VALIDATION_ERROR', issues: [{ path }] });
    expect(await usageOf(world)).toEqual([]);
  });

  it('forgives a clock that runs ahead by an hour', async () => {
    const world = await aWorld();

    const outcome = await record(service, world.organization, world.admin, [
      aReport({ usedAt: '2026-11-22T13:00:00Z' }),
    ]);

    expect(outcome).toMatchObject({ recorded: 1 });
  });

  it("refuses a foreign config, another member's own and an absent one alike", async () => {
    const { organization, admin, member, stranger, foreignOrganization } = await aWorld();
    const foreign = await aConfig(foreignOrganization.id, stranger);
    const others = await aConfig(organization.id, member, member.id);
    const own = await aConfig(organization.id, admin, admin.id);
    const send = (modelConfigId: string) => record(service, organization, admin, [aReport({ modelConfigId })]);

    const [absent, ...refused] = [await send('cfg_absent'), await send(foreign), await send(others)];

    expect(absent).toMatchObject({ __typename: 'ValidationError' });
    for (const outcome of refused) expect(outcome).toEqual(absent);
    expect(await send(own)).toMatchObject({ recorded: 1 });
  });

  it('is no change of the organization: the ledger says nothing of it', async () => {
    const world = await aWorld();

    await record(service, world.organization, world.admin, [aReport()]);

    expect(await db.revision.count({ where: { organizationId: world.organization.id } })).toBe(0);
  });
});
