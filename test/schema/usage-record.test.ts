import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { CreateConfig, DeleteConfig } from '../kit/config-operations.ts';
import { anApiKey } from '../kit/keys.ts';
import { startService } from '../kit/service.ts';
import { aReport, ReadUsage, RecordUsage, type Report, record } from '../kit/usage.ts';
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

/** The id of a configuration that was made and deleted, as the ledger tells it. */
async function aDeletedConfig(
  { organization, admin }: Pick<World, 'organization' | 'admin'>,
  scope: 'ORGANIZATION' | 'USER' = 'ORGANIZATION',
  remove = async (id: string) => {
    await ask(DeleteConfig, { input: { id } }, { as: admin });
  },
) {
  const input = { organizationId: organization.id, scope, provider: 'openai', modelId: 'gpt-4.1' };
  const { data } = await ask(CreateConfig, { input }, { as: admin });
  const id = data?.createModelConfig.__typename === 'ModelConfig' ? data.createModelConfig.id : expect.fail();
  await remove(id);
  expect(await db.modelConfig.count({ where: { id } })).toBe(0);
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

    expect(outcome).toEqual({ __typename: 'RecordModelUsagePayload', recorded: 3, duplicates: 0, rejected: [] });
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
      __typename: 'ModelgateValidationError',
      issues: [{ path: 'records', message: 'must not have more than 1000 entries' }],
    });
  });

  it.each<[string, Partial<Report>, string]>([
    ['a negative count', { promptTokens: -1 }, 'promptTokens'],
    ['an empty id', { id: '' }, 'id'],
    ['a long id', { id: 'x'.repeat(201) }, 'id'],
    ['an id with a NUL', { id: 'a\u0000b' }, 'id'],
    ['neither a config nor a model', { modelKey: null }, ''],
    ['both a config and a model', { modelKey: 'gpt-4o', modelConfigId: 'cfg_x' }, ''],
    ['a model that nobody has', { modelKey: 'gpt-unheard-of' }, 'modelKey'],
    ['a model with an invisible character', { modelKey: 'openai/gpt\u200b' }, 'modelKey'],
    ['a provider that nobody has', { modelKey: 'acme/gpt' }, 'modelKey'],
    ['a provider without a model', { modelKey: 'openai/' }, 'modelKey'],
    ['an absent config', { modelConfigId: 'cfg_absent' }, 'modelConfigId'],
    ['a config with a NUL', { modelConfigId: 'cfg_\u0000' }, 'modelConfigId'],
    ['a time far ahead', { usedAt: '2026-11-22T13:00:00.001Z' }, 'usedAt'],
    ['a time before 2000', { usedAt: '1999-12-31T23:59:59Z' }, 'usedAt'],
  ])('rejects a record with %s, and records the others of the batch', async (_, fault, path) => {
    const world = await aWorld();
    const bad = aReport(fault);

    const outcome = await record(service, world.organization, world.admin, [aReport(), bad, aReport()]);

    const id = path === 'id' ? null : bad.id;
    expect(outcome).toMatchObject({
      recorded: 2,
      duplicates: 0,
      rejected: [{ index: 1, id, issues: [{ path, message: expect.any(String) }] }],
    });
    expect(await usageOf(world)).toMatchObject([{ modelId: 'gpt-4o', usageCount: '2' }]);
  });

  it('tells every record that it rejects, with each of its faults', async () => {
    const world = await aWorld();
    const bad = { promptTokens: -1, completionTokens: -1, usedAt: '1999-12-31T23:59:59Z' };

    const outcome = await record(
      service,
      world.organization,
      world.admin,
      Array.from({ length: 300 }, () => aReport(bad)),
    );

    const rejected = outcome && 'rejected' in outcome ? outcome.rejected : [];
    expect(outcome).toMatchObject({ recorded: 0, duplicates: 0 });
    expect(rejected.map(({ index }) => index)).toEqual(Array.from({ length: 300 }, (_, index) => index));
    expect(new Set(rejected.map(({ issues }) => issues.map(({ path }) => path).join()))).toEqual(
      new Set(['promptTokens,completionTokens,usedAt']),
    );
  });

  it('takes a record that it knows for a duplicate, whatever else is wrong with it', async () => {
    const world = await aWorld();
    const send = (records: Report[]) => record(service, world.organization, world.admin, records);
    const [known, fresh] = [aReport(), aReport()];
    await send([known]);

    const outcome = await send([
      { ...known, modelKey: 'gpt-unheard-of' },
      { ...known, promptTokens: -1 },
      { ...known, modelKey: null, modelConfigId: 'cfg_absent' },
      { ...known, usedAt: '1999-12-31T23:59:59Z' },
      { ...fresh, modelKey: 'gpt-unheard-of' },
      fresh,
      { ...fresh, modelKey: 'gpt-unheard-of' },
    ]);

    expect(outcome).toMatchObject({ recorded: 1, duplicates: 5, rejected: [{ index: 4, id: fresh.id }] });
    expect(await usageOf(world)).toMatchObject([{ usageCount: '2' }]);
  });

  it('takes 300 records, of which each kind is one, with as many statements as six', async () => {
    const world = await aWorld();
    const { organization, admin } = world;
    const [kept, gone] = [await aConfig(organization.id, admin), await aDeletedConfig(world)];
    const countFor = async (times: number) => {
      const batch = Array.from({ length: times }, () => [
        aReport(),
        aReport({ modelConfigId: kept }),
        aReport({ modelConfigId: gone }),
        aReport({ modelConfigId: 'cfg_absent' }),
        aReport({ modelKey: 'gpt-unheard-of' }),
        aReport({ promptTokens: -1 }),
      ]).flat();
      await record(service, organization, admin, batch.slice(0, 1));
      service.takeStatements();
      const outcome = await record(service, organization, admin, batch);
      expect(outcome).toMatchObject({ recorded: 3 * times - 1, duplicates: 1, rejected: { length: 3 * times } });
      return service.takeStatements().length;
    };

    expect(await countFor(50)).toBe(await countFor(1));
  });

  it('forgives a clock that runs ahead by an hour', async () => {
    const world = await aWorld();

    const outcome = await record(service, world.organization, world.admin, [
      aReport({ usedAt: '2026-11-22T13:00:00Z' }),
    ]);

    expect(outcome).toMatchObject({ recorded: 1 });
  });

  it("rejects a foreign config, another member's own and an absent one alike, deleted or not", async () => {
    const { organization, admin, member, stranger, foreignOrganization } = await aWorld();
    const foreign = await aConfig(foreignOrganization.id, stranger);
    const others = await aConfig(organization.id, member, member.id);
    const own = await aConfig(organization.id, admin, admin.id);
    const gone = await aDeletedConfig({ organization: foreignOrganization, admin: stranger });
    const othersGone = await aDeletedConfig({ organization, admin: member }, 'USER');
    const ownGone = await aDeletedConfig({ organization, admin }, 'USER');
    const send = (modelConfigId: string) =>
      record(service, organization, admin, [aReport({ id: modelConfigId, modelConfigId })]);
    const issues = [{ path: 'modelConfigId', message: 'there is no such configuration' }];

    for (const id of ['cfg_absent', foreign, others, gone, othersGone]) {
      expect(await send(id)).toMatchObject({ recorded: 0, rejected: [{ id, issues }] });
    }
    expect([await send(own), await send(ownGone)]).toMatchObject([{ recorded: 1 }, { recorded: 1 }]);
  });

  it('counts what comes late under the model that a deleted configuration had, and a repetition once', async () => {
    const world = await aWorld();
    const { organization, admin } = world;
    const { token } = await anApiKey(service, world, ['USAGE_WRITE']);
    const gone = await aDeletedConfig(world);
    const own = await aDeletedConfig({ organization, admin: world.member }, 'USER');
    const records = [aReport({ modelConfigId: gone })];

    const [first, again] = [
      await record(service, organization, admin, records),
      await record(service, organization, admin, records),
    ];
    const input = { organizationId: organization.id, records: [...records, aReport({ modelConfigId: own })] };
    const byService = (await ask(RecordUsage, { input }, { token })).data?.recordModelUsage;

    expect([first, again, byService]).toMatchObject([
      { recorded: 1, duplicates: 0, rejected: [] },
      { recorded: 0, duplicates: 1, rejected: [] },
      { recorded: 1, duplicates: 1, rejected: [] },
    ]);
    expect(await usageOf(world)).toMatchObject([{ provider: 'openai', modelId: 'gpt-4.1', usageCount: '2' }]);
  });

  it('knows a configuration that is deleted past the ledger by how it was made', async () => {
    const world = await aWorld();
    const id = await aDeletedConfig(world, 'ORGANIZATION', async (made) => {
      await db.modelConfig.delete({ where: { id: made } });
    });

    expect(await record(service, world.organization, world.admin, [aReport({ modelConfigId: id })])).toMatchObject({
      recorded: 1,
    });
  });

  it('sent twice at once counts once, and rejects the same', async () => {
    const world = await aWorld();
    const gone = await aDeletedConfig(world);
    const batch = Array.from({ length: 50 }, () => [
      aReport({ modelConfigId: gone }),
      aReport(),
      aReport({ promptTokens: -1 }),
    ]).flat();

    const outcomes = await Promise.all(
      [batch, batch.toReversed()].map((records) => record(service, world.organization, world.admin, records)),
    );

    const sums = outcomes.map((outcome) => (outcome && 'recorded' in outcome ? outcome : expect.fail()));
    expect(sums.map(({ recorded, duplicates }) => recorded + duplicates)).toEqual([100, 100]);
    expect(sums.reduce((sum, { recorded }) => sum + recorded, 0)).toBe(100);
    expect(sums.map(({ rejected }) => rejected.length)).toEqual([50, 50]);
    expect(await db.usageRecord.count({ where: { organizationId: world.organization.id } })).toBe(100);
  });

  it('is no change of the organization: the ledger says nothing of it', async () => {
    const world = await aWorld();

    await record(service, world.organization, world.admin, [aReport()]);

    expect(await db.revision.count({ where: { organizationId: world.organization.id } })).toBe(0);
  });
});
