import { describe, expect, it } from 'vitest';
import { CreateConfig } from '../kit/config-operations.ts';
import { CreateApiKey } from '../kit/keys.ts';
import { AskAccess, ReadSelectors, ReadSettings, UpdateSelectors } from '../kit/operations.ts';
import { ApplyPolicy, ReadPolicyDocument } from '../kit/policy-documents.ts';
import { startService } from '../kit/service.ts';
import { aReport, ReadSeries, record } from '../kit/usage.ts';
import type { World } from '../kit/world.ts';

const { ask, aWorld, db, heard } = await startService();

/** What the settings are after this change, or why there was none. */
async function change({ organization, admin }: World, input: object) {
  const { data } = await ask(UpdateSelectors, { input: { organizationId: organization.id, ...input } }, { as: admin });
  return data?.updateModelSettings;
}

async function accessOf({ organization, member }: World, modelKey: string) {
  const { data } = await ask(AskAccess, { organizationId: organization.id, modelKey }, { as: member });
  return data?.modelAccess;
}

describe('disabledModels', () => {
  it('keeps a model by the spelling of the catalog, once, and blocks it', async () => {
    const world = await aWorld();

    const after = await change(world, {
      disabledModels: [' gpt-4o ', 'GPT-4O', 'Claude Sonnet 4.6', 'mdl_openai/gpt-4.1', 'OpenAI/GPT-4.1-mini'],
    });

    expect(after).toMatchObject({
      disabledModels: ['gpt-4o', 'anthropic/claude-sonnet-4-6', 'openai/gpt-4.1', 'openai/gpt-4.1-mini'],
      deadSelectors: [],
      selectorWarnings: [],
    });
    for (const key of ['gpt-4o', 'claude-sonnet-4-6', 'gpt-4.1', 'gpt-4.1-mini']) {
      expect(await accessOf(world, key)).toMatchObject({ allowed: false, reasons: ['MODEL_DISABLED'] });
    }
  });

  it('keeps what names nothing without its blanks, and tells it, with the nearest names', async () => {
    const world = await aWorld();

    const after = await change(world, { disabledModels: [' GPT-4oo ', 'gpt-4o-mini', 'a model of my own'] });

    expect(after).toMatchObject({
      disabledModels: ['GPT-4oo', 'gpt-4o-mini', 'a model of my own'],
      deadSelectors: ['GPT-4oo', 'a model of my own'],
      selectorWarnings: [
        { selector: 'GPT-4oo', message: expect.stringMatching(/^"GPT-4oo" names no model; did you mean gpt-4o or /) },
        { selector: 'a model of my own', nearest: [], message: '"a model of my own" names no model' },
      ],
    });
  });

  it.each([
    ['an invisible character', 'gpt\u200b-4o', 'must not contain invisible characters, nor unusual spaces'],
    ['one that turns the direction', '\u202egpt-4o', 'must not contain invisible characters, nor unusual spaces'],
    ['a soft hyphen', 'gpt\u00ad-4o', 'must not contain invisible characters, nor unusual spaces'],
    ['a filler', 'gpt-4o\u3164', 'must not contain invisible characters, nor unusual spaces'],
    ['a space that does not break', 'GPT-4o\u00a0mini', 'must not contain invisible characters, nor unusual spaces'],
    ['a line separator', 'gpt\u2028-4o', 'must not contain invisible characters, nor unusual spaces'],
    ['a tab', 'GPT-4o\tmini', 'must not contain control characters'],
    ['nothing but blanks', ' \n ', 'must not be empty'],
    ['a * alone', '*', 'must have at least 2 characters before its *'],
    ['one letter before a *', ' A* ', 'must have at least 2 characters before its *'],
    ['nothing but the beginning of every id', 'mdl_*', 'must have at least 2 characters before its *'],
    ['a * within', 'gpt*mini', 'must not have a * but at its end'],
    ['a wide * within', 'gpt\uff0amini', 'must not have a * but at its end'],
    ['two *', 'gpt-4**', 'must not have a * but at its end'],
    ['a blank before a *', 'gpt-4 *', 'must not have a blank before its *'],
    ['a regular expression', '/gpt-4/', expect.stringContaining('not a regular expression')],
    ['too much, if only blanks', `gpt-4o${' '.repeat(195)}`, 'must not be longer than 200 characters'],
  ])('refuses %s, and says in which entry', async (_, entry, message) => {
    const world = await aWorld();

    const refused = await change(world, { disabledModels: ['gpt-4o', entry] });

    expect(refused).toMatchObject({ issues: [{ path: 'disabledModels.1', message }] });
    expect(await accessOf(world, 'gpt-4o')).toMatchObject({ allowed: true, revision: 0 });
  });

  it('takes patterns: the beginning of any name of a model, with a * behind it', async () => {
    const world = await aWorld();

    const after = await change(world, {
      disabledModels: ['GPT-4o*', ' gpt-4O* ', 'mdl_OpenAI/o3*', 'Claude Sonnet 4*', 'nothing-begins-so*'],
    });

    expect(after).toMatchObject({
      disabledModels: ['gpt-4o*', 'openai/o3*', 'claude sonnet 4*', 'nothing-begins-so*'],
      deadSelectors: ['nothing-begins-so*'],
      selectorWarnings: [{ selector: 'nothing-begins-so*', message: '"nothing-begins-so*" matches no model' }],
    });
    for (const key of ['gpt-4o', 'gpt-4o-mini', 'gpt-4o-2024-08-06', 'o3', 'o3-2025-04-16', 'claude-sonnet-4-6']) {
      expect([key, await accessOf(world, key)]).toMatchObject([key, { reasons: ['MODEL_DISABLED'] }]);
    }
    for (const key of ['gpt-4.1', 'claude-opus-5-5']) {
      expect([key, await accessOf(world, key)]).toMatchObject([key, { reasons: [] }]);
    }
  });

  it('makes no revision by another order alone, and keeps the former one', async () => {
    const world = await aWorld();
    await change(world, { disabledModels: ['gpt-4o', 'gpt-4.1'], disabledProviders: ['cohere', 'google'] });

    const turned = await change(world, {
      disabledModels: ['GPT-4.1', 'gpt-4o'],
      disabledProviders: ['google', 'cohere'],
    });
    const more = await change(world, { disabledModels: ['gpt-4.1', 'gpt-4o'], defaultModelKey: 'claude-sonnet-4-6' });

    const kept = { disabledModels: ['gpt-4o', 'gpt-4.1'], disabledProviders: ['cohere', 'google'] };
    expect(turned).toMatchObject({ ...kept, revision: 1 });
    expect(more).toMatchObject({ ...kept, revision: 2, defaultModelKey: 'claude-sonnet-4-6' });
  });

  it('blocks by what an earlier release has kept as it was written', async () => {
    const world = await aWorld();
    const { id: organizationId } = world.organization;
    const disabledModels = ['GPT-4O ', 'Claude Sonnet 4.6', 'mdl_openai/gpt-4.1', 'gpt-4.1\u200b-mini'];
    await db.modelSettings.create({
      data: { organizationId, disabledModels, disabledProviders: [], updatedAt: new Date() },
    });
    await heard();

    for (const key of ['gpt-4o', 'claude-sonnet-4-6', 'gpt-4.1', 'gpt-4.1-mini']) {
      expect(await accessOf(world, key)).toMatchObject({ allowed: false, reasons: ['MODEL_DISABLED'] });
    }
    const { data } = await ask(ReadSelectors, { organizationId }, { as: world.admin });
    expect(data?.organizationModelSettings).toMatchObject({ disabledModels, deadSelectors: [], selectorWarnings: [] });
  });
});

describe('allowedModels', () => {
  it('allows what its entries match, by any name, and tells which of them match nothing', async () => {
    const world = await aWorld();

    const after = await change(world, {
      allowedModels: ['Claude Sonnet 4.6', 'mdl_openai/gpt-4.1', 'GOOGLE/*', 'gpt-4oo', 'gpt-4.2*'],
      disabledModels: ['o9'],
    });

    expect(after).toMatchObject({
      deadSelectors: ['o9', 'gpt-4oo', 'gpt-4.2*'],
      selectorWarnings: [
        { selector: 'o9' },
        { selector: 'gpt-4oo', nearest: expect.arrayContaining(['gpt-4o']) },
        { selector: 'gpt-4.2*', message: expect.stringMatching(/^"gpt-4.2\*" matches no model; did you mean /) },
      ],
    });
    for (const [key, reasons] of [
      ['claude-sonnet-4-6', []],
      ['openai/gpt-4.1', []],
      ['gemini-2.5-pro', []],
      ['gpt-4o', ['NOT_ALLOWED']],
      ['gpt-4.1-mini', ['NOT_ALLOWED']],
    ] as const) {
      expect([key, await accessOf(world, key)]).toMatchObject([key, { reasons }]);
    }
  });

  it.each(['*', 'a*b', 'gpt\u200b*'])('refuses "%s" as disabledModels does', async (entry) => {
    const world = await aWorld();

    expect(await change(world, { allowedModels: ['gpt-4o', entry] })).toMatchObject({
      issues: [{ path: 'allowedModels.1' }],
    });
    expect(await accessOf(world, 'o3')).toMatchObject({ allowed: true, revision: 0 });
  });
});

describe('entries of an earlier release that are no selectors today', () => {
  const disabledModels = ['*', 'a*b', 'gp*t-4o*', 'gpt-5 *', 'gpt\u200b*', 'o*', 'mdl_*', '/gpt/', 'GPT-4.1 ', 'o3'];
  const dead = disabledModels.slice(0, 8);

  async function anOldWorld() {
    const world = await aWorld();
    const organizationId = world.organization.id;
    await db.modelSettings.create({
      data: { organizationId, disabledModels, disabledProviders: ['google'], updatedAt: new Date() },
    });
    await heard();
    return world;
  }

  it('match nothing, and are told to be dead', async () => {
    const world = await anOldWorld();

    const after = await change(world, {});

    expect(after).toMatchObject({ disabledModels, deadSelectors: dead, revision: 0 });
    for (const [key, reasons] of [
      ['gpt-4o', []],
      ['gpt-5', []],
      ['o3-pro', []],
      ['gpt-4.1', ['MODEL_DISABLED']],
      ['o3', ['MODEL_DISABLED']],
    ] as const) {
      expect([key, await accessOf(world, key)]).toMatchObject([key, { reasons }]);
    }
  });

  it('stay as they are in a list that is replaced with them in it, and cannot be added again', async () => {
    const world = await anOldWorld();

    expect(await change(world, { disabledModels: [...disabledModels.toReversed(), 'gpt-5'] })).toMatchObject({
      disabledModels: [...disabledModels.toReversed(), 'gpt-5'],
      revision: 1,
    });
    expect(await change(world, { disabledModels: ['*', 'b*c'] })).toMatchObject({
      issues: [{ path: 'disabledModels.1', message: 'must not have a * but at its end' }],
    });
    expect(await change(world, { disabledModels: ['*'] })).toMatchObject({ disabledModels: ['*'], revision: 2 });
    expect(await change(world, { disabledModels: ['a*b'] })).toMatchObject({ issues: [{ path: 'disabledModels.0' }] });
  });

  it('are in the document of the policy, which changes nothing where it is applied', async () => {
    const world = await anOldWorld();
    const { id: organizationId } = world.organization;
    // With it the history has the policy too.
    await change(world, { disabledProviders: [] });

    for (const format of ['JSON', 'YAML'] as const) {
      const { data } = await ask(ReadPolicyDocument, { organizationId, format }, { as: world.admin });
      const input = { organizationId, document: data?.policyDocument ?? '' };
      expect(input.document).toContain('gp*t-4o*');
      for (const dryRun of [true, false]) {
        const applied = await ask(ApplyPolicy, { input: { ...input, dryRun } }, { as: world.admin });
        expect(applied.data?.applyPolicy).toMatchObject(dryRun ? { changes: [] } : { settingsRevision: 1 });
      }
    }
    const document = JSON.stringify({ disabledModels: ['*', 'gpt-4o', '**'] });
    const refused = await ask(ApplyPolicy, { input: { organizationId, document } }, { as: world.admin });
    expect(refused.data?.applyPolicy).toMatchObject({ issues: [{ path: 'disabledModels.2', line: 1 }] });
  });
});

describe('a dead selector', () => {
  it('is told to every member, and what may have been meant to those who may change it', async () => {
    const world = await aWorld();
    const { organization, member, owner, stranger } = world;
    const organizationId = organization.id;
    await change(world, { disabledModels: ['gpt-4oo'] });

    const read = (as: { id: string }) => ask(ReadSelectors, { organizationId }, { as });
    const dead = (as: { id: string }) =>
      ask(
        'query ($id: ID!) { organizationModelSettings(organizationId: $id) { deadSelectors } }',
        { id: organizationId },
        { as },
      );

    expect((await read(owner)).data?.organizationModelSettings).toMatchObject({
      deadSelectors: ['gpt-4oo'],
      selectorWarnings: [{ selector: 'gpt-4oo' }],
    });
    expect((await dead(member)).data).toEqual({ organizationModelSettings: { deadSelectors: ['gpt-4oo'] } });
    const refused = await read(member);
    expect(refused.errors?.[0]).toMatchObject({
      path: ['organizationModelSettings', 'selectorWarnings'],
      extensions: { code: 'INSUFFICIENT_PERMISSIONS' },
    });
    for (const ask of [read, dead]) {
      const { data, errors } = await ask(stranger);
      expect(data).toBeNull();
      expect(errors?.[0]?.extensions.code).toBe('ORGANIZATION_ACCESS_DENIED');
    }
  });

  it('is told with its nearest names to a service that may change the settings, and to no other', async () => {
    const world = await aWorld();
    const { organization, owner } = world;
    await change(world, { disabledModels: ['gpt-4oo'] });
    const answers = [];
    for (const scopes of [['READ', 'SETTINGS_WRITE'] as const, ['READ'] as const]) {
      const input = { organizationId: organization.id, name: 'Service', scopes: [...scopes] };
      const { data } = await ask(CreateApiKey, { input }, { as: owner });
      const token = data?.createApiKey.__typename === 'CreateApiKeyPayload' ? data.createApiKey.secret : '';
      answers.push(await ask(ReadSelectors, { organizationId: organization.id }, { token }));
    }

    expect(answers[0]?.data?.organizationModelSettings.selectorWarnings).toHaveLength(1);
    expect(answers[1]?.errors?.[0]?.extensions.code).toBe('INSUFFICIENT_PERMISSIONS');
  });
});

describe('a model that is named in another spelling', () => {
  it('becomes the default by its key, and a name of nothing does not', async () => {
    const world = await aWorld();

    expect(await change(world, { defaultModelKey: ' Claude Sonnet 4.6 ' })).toMatchObject({
      defaultModelKey: 'anthropic/claude-sonnet-4-6',
    });
    expect(await change(world, { defaultModelKey: 'CLAUDE-SONNET-4-6' })).toMatchObject({
      defaultModelKey: 'claude-sonnet-4-6',
    });
    expect(await change(world, { defaultModelKey: 'Claude Sonnet 46' })).toMatchObject({ code: 'UNKNOWN_MODEL' });
    const { data } = await ask(ReadSettings, { organizationId: world.organization.id }, { as: world.member });
    expect(data?.organizationModelSettings.defaultModel).toEqual({ id: 'mdl_anthropic/claude-sonnet-4-6' });
  });

  it('is the one whose access is asked for', async () => {
    const world = await aWorld();

    for (const name of [' GPT-4o', 'mdl_openai/gpt-4o', 'GPT-4O']) {
      expect(await accessOf(world, name)).toMatchObject({ allowed: true, model: { id: 'mdl_openai/gpt-4o' } });
    }
    expect(await accessOf(world, 'x'.repeat(100_000))).toMatchObject({ reasons: ['UNKNOWN_MODEL'], model: null });
  });

  it.each(['GPT-4o mini', ' GPT-4O-MINI ', 'openai/gpt-4o-mini', 'mdl_openai/gpt-4o-mini'])(
    'is configured as "%s" by the name that its provider has for it',
    async (modelId) => {
      const { organization, member } = await aWorld();
      const create = async (provider: string) => {
        const input = { organizationId: organization.id, provider, modelId };
        return (await ask(CreateConfig, { input }, { as: member })).data?.createModelConfig;
      };

      expect(await create('openai')).toMatchObject({ provider: 'openai', modelId: 'gpt-4o-mini' });
      expect(await create('google')).toMatchObject({ code: 'MODEL_NOT_ALLOWED', reasons: ['UNKNOWN_MODEL'] });
    },
  );

  it('is the one that usage counts under', async () => {
    const { organization, admin } = await aWorld();
    const records = ['GPT-4o', ' gpt-4o', 'mdl_openai/gpt-4o', 'OpenAI/gpt-4o'].map((modelKey) =>
      aReport({ modelKey }),
    );
    await record({ ask }, organization, admin, records);

    const variables = {
      organizationId: organization.id,
      granularity: 'MONTH' as const,
      from: '2026-11-01T00:00:00Z',
      to: '2026-12-01T00:00:00Z',
      modelKey: 'gpt-4O ',
    };
    const { data } = await ask(ReadSeries, variables, { as: admin });

    expect(data?.modelUsageSeries).toMatchObject([{ usageCount: '4' }]);
  });
});
