import { describe, expect, it } from 'vitest';
import { aProviderKey } from '../kit/keys.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';
import { RecordUsage } from '../kit/usage.ts';
import type { World } from '../kit/world.ts';

const service = await startService({ platformProviders: new Set(['openai', 'mistral']) });
const { ask, aWorld } = service;
const call = restOf(service);

interface Listed extends Record<string, unknown> {
  provider: string;
  modelId: string;
}

interface Grouped extends Record<string, unknown> {
  baseModel: string;
  providers: Listed[];
}

async function read<Entry = Listed>({ member }: World, path: string) {
  const { status, body } = await call('GET', `/v1/model-configs/${path}`, { as: member });
  expect(status).toBe(200);
  expect(body.total).toBe(body.data.length);
  return body as { data: Entry[]; total: number; stats: Record<string, unknown> };
}

const update = ({ organization, admin }: World, change: object) =>
  ask(UpdateSettings, { input: { organizationId: organization.id, ...change } }, { as: admin });

const configure = ({ member }: World, provider: string, modelId: string) =>
  call('POST', '/v1/model-configs', { as: member, body: { provider, modelId } }).then(({ body }) => body);

const keysOf = (entries: readonly Listed[]) => entries.map(({ provider, modelId }) => `${provider}/${modelId}`);

describe('GET /v1/model-configs/available', () => {
  it('lists what the organization may use, with what is configured', async () => {
    const world = await aWorld();
    await aProviderKey(service, world, { provider: 'anthropic' });
    const { id } = await configure(world, 'openai', 'gpt-4.1');
    await call('PATCH', `/v1/model-configs/${id}/default`, { as: world.member });

    const { data, stats } = await read(world, 'available');

    expect(data.find(({ modelId }) => modelId === 'gpt-4.1')).toEqual({
      id: null,
      provider: 'openai',
      modelId: 'gpt-4.1',
      displayName: 'GPT-4.1',
      supportsCustomKey: true,
      keyStatus: 'platform',
      costPer1kTokens: 0.005,
      supportsSearch: expect.any(Boolean),
      isConfigured: true,
      isEnabled: true,
      isDefault: true,
      contextLength: 1047576,
      maxOutputTokens: 32768,
      supportedResponseFormats: ['text', 'JSON'],
      supportsStreaming: true,
      tags: expect.arrayContaining(['streaming']),
      uiCategory: 'openai',
      uiPriority: expect.any(Number),
    });
    const statuses = new Map(data.map(({ provider, keyStatus }) => [provider, keyStatus]));
    expect(Object.fromEntries(statuses)).toMatchObject({
      anthropic: 'custom',
      google: 'needs_setup',
      mistral: 'platform',
      openai: 'platform',
    });
    expect(data.filter(({ isConfigured }) => isConfigured)).toHaveLength(1);
    expect(stats).toEqual({ totalAvailable: data.length, uiVisible: data.length, popular: 0, configured: 1 });
    // The catalog does not know the price of each: that is no 0.
    expect(data.map(({ costPer1kTokens }) => costPer1kTokens)).toContain(null);
    expect(data.map(({ costPer1kTokens }) => costPer1kTokens)).not.toContain(0);
  });

  it('leaves out what may not be used, unless all is asked for', async () => {
    const world = await aWorld();
    await update(world, { disabledProviders: ['google'], disabledModels: ['gpt-4.1'] });

    const [allowed, all] = [await read(world, 'available'), await read(world, 'available?showAll=true')];

    expect(keysOf(allowed.data)).not.toContain('openai/gpt-4.1');
    expect(allowed.data.map(({ provider }) => provider)).not.toContain('google');
    expect(keysOf(all.data)).toEqual(expect.arrayContaining([...keysOf(allowed.data), 'openai/gpt-4.1']));
    expect(all.stats).toMatchObject({ totalAvailable: all.total, uiVisible: allowed.total });
    expect(await read(world, 'available?showAll=false')).toEqual(allowed);
  });

  it('is filtered by maker or tag', async () => {
    const world = await aWorld();

    const [makers, tagged, none] = await Promise.all([
      read(world, 'available?category=anthropic'),
      read(world, 'available?category=Search'),
      read(world, 'available?category=nothing'),
    ]);

    expect(new Set(makers.data.map(({ uiCategory }) => uiCategory))).toEqual(new Set(['anthropic']));
    expect(tagged.data.every(({ tags }) => (tags as string[]).includes('search'))).toBe(true);
    expect([makers.total > 0, tagged.total > 0, none.total]).toEqual([true, true, 0]);
  });

  it.each(['available?showAll=yes', 'available?configured=TRUE', 'grouped?configured=1', 'grouped?showAll='])(
    'refuses %s',
    async (query) => {
      const { member } = await aWorld();

      expect(await call('GET', `/v1/model-configs/${query}`, { as: member })).toMatchObject({
        status: 400,
        body: { error: 'Validation error', details: [{ code: 'INVALID_ENUM' }] },
      });
    },
  );
});

describe('GET /v1/model-configs/grouped', () => {
  it('puts every provider of a base model together', async () => {
    const world = await aWorld();
    const { id } = await configure(world, 'openai', 'gpt-4o');

    const { data, total, stats } = await read<Grouped>(world, 'grouped');

    const group = data.find(({ baseModel }) => baseModel === 'gpt-4o');
    expect(group).toEqual({
      baseModel: 'gpt-4o',
      displayName: expect.any(String),
      creator: 'openai',
      creatorDisplayName: 'OpenAI',
      tags: expect.arrayContaining(['streaming']),
      contextLength: 128000,
      maxOutputTokens: 16384,
      providers: expect.arrayContaining([
        {
          provider: 'openai',
          providerDisplayName: 'OpenAI',
          modelId: 'gpt-4o',
          costPer1kTokens: 0.00625,
          inputCostPer1kTokens: 0.0025,
          outputCostPer1kTokens: 0.01,
          hasPlatformKey: true,
          keyStatus: 'platform',
        },
      ]),
      lowestCost: 0.00625,
      isConfigured: true,
      configuredProviders: ['openai'],
      configuredConfigs: [{ id, provider: 'openai', modelId: 'gpt-4o' }],
      reasoningCapability: { supported: false },
      uiCategory: 'openai',
      uiPriority: expect.any(Number),
    });
    expect(stats).toEqual({
      totalModels: data.flatMap(({ providers }) => providers).length,
      uniqueBaseModels: total,
      providersWithPlatformKeys: ['mistral', 'openai'],
    });
  });

  it('says that the operator has a key, though the organization’s own comes first', async () => {
    const world = await aWorld();
    await aProviderKey(service, world);

    const { data } = await read<Grouped>(world, 'grouped?category=openai');

    for (const provider of data.flatMap(({ providers }) => providers)) {
      expect(provider).toMatchObject({ keyStatus: 'custom', hasPlatformKey: true });
    }
  });

  it('lists the same models as /available, and only configured groups where so asked', async () => {
    const world = await aWorld();
    await update(world, { disabledProviders: ['google'], disabledModels: ['gpt-4o-mini'] });
    const models = async (query: string) => {
      const { data } = await read<Grouped>(world, `grouped${query}`);
      return keysOf(data.flatMap(({ providers }) => providers));
    };

    expect(await models('')).toEqual(keysOf((await read(world, 'available')).data));
    expect(await models('?showAll=true')).toEqual(keysOf((await read(world, 'available?showAll=true')).data));
    expect(await models('?configured=true')).toEqual([]);
    await configure(world, 'anthropic', 'claude-sonnet-4-6');
    expect(await models('?configured=true')).toContain('anthropic/claude-sonnet-4-6');
    expect(await models('?configured=false')).toEqual(await models(''));
  });
});

describe('GET /v1/model-configs/search-capable and /search-configured', () => {
  it('list models, and configurations that may be used now', async () => {
    const world = await aWorld();
    const capable = await read<Record<string, unknown>>(world, 'search-capable?category=ignored');
    const searching = capable.data.find(({ provider }) => provider === 'openai');
    const modelId = String(searching?.id).split('/')[1] ?? '';

    const [used, off] = [await configure(world, 'openai', modelId), await configure(world, 'openai', modelId)];
    await call('PATCH', `/v1/model-configs/${off.id}/status`, { as: world.member, body: { isEnabled: false } });

    expect(searching).toEqual({
      id: `mdl_openai/${modelId}`,
      name: used.displayName,
      provider: 'openai',
      displayLabel: `${used.displayName} (OpenAI)`,
      supportsCustomKey: true,
      keyStatus: 'platform',
    });
    expect((await read(world, 'search-configured')).data).toEqual([{ ...searching, id: used.id }]);
    await update(world, { disabledModels: [modelId] });
    expect((await read(world, 'search-configured')).data).toEqual([]);
    expect((await read(world, 'search-capable')).total).toBe(capable.total - 1);
  });
});

describe('GET /v1/model-configs/usage and /in-use', () => {
  it('tell what was used, and what is used or configured', async () => {
    const world = await aWorld();
    await configure(world, 'anthropic', 'claude-sonnet-4-6');
    const record = (id: string) => ({ id, modelKey: 'gpt-4.1', promptTokens: 10, completionTokens: 5 });
    const input = { organizationId: world.organization.id, records: [record('1'), record('2')] };
    await ask(RecordUsage, { input }, { as: world.admin });

    expect((await read(world, 'usage')).data).toEqual([
      { provider: 'openai', modelId: 'gpt-4.1', usageCount: 2, lastUsedAt: expect.stringMatching(/^2026-11-22T.*Z$/) },
    ]);
    expect((await read(world, 'in-use')).data).toEqual([
      {
        id: 'mdl_anthropic/claude-sonnet-4-6',
        provider: 'anthropic',
        modelId: 'claude-sonnet-4-6',
        displayName: 'Claude Sonnet 4.6',
      },
      { id: 'mdl_openai/gpt-4.1', provider: 'openai', modelId: 'gpt-4.1', displayName: 'GPT-4.1' },
    ]);
    expect((await read(world, 'available')).stats).toMatchObject({ popular: 1, configured: 1 });
  });
});
