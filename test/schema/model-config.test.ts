import { describe, expect, it } from 'vitest';
import {
  CreateConfig,
  DeleteConfig,
  EnableConfig,
  ListConfigs,
  MakeDefault,
  UpdateConfig,
} from '../kit/config-operations.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';

// So many changes at once take turns, on a machine that may have other work: none shall be given up.
const service = await startService({ limits: { executionMs: 100_000 } });
const { ask, aWorld, db } = service;
const instances = [service, service.anotherInstance()];

const sonnet = { provider: 'anthropic', modelId: 'claude-sonnet-4-6' };
const missing = 'cfg_absent';

/** What a mutation answered, as plain data. */
type Result = Record<string, unknown> & { __typename?: string; id?: string };
const resultOf = (answer: { data?: object | null }) => Object.values(answer.data ?? {})[0] as Result;

async function aConfig(
  as: { id: string },
  organization: { id: string },
  more: object = {},
): Promise<Result & { id: string }> {
  const input = { organizationId: organization.id, ...sonnet, ...more };
  const result = resultOf(await ask(CreateConfig, { input }, { as }));
  expect(result.__typename).toBe('ModelConfig');
  return result as Result & { id: string };
}

const update = async (as: { id: string }, id: string, change: object) =>
  resultOf(await ask(UpdateConfig, { input: { id, ...change } }, { as }));

async function revisionOf({ id }: { id: string }): Promise<number> {
  return (await db.organization.findUniqueOrThrow({ where: { id } })).revision;
}

describe('createModelConfig', () => {
  it("makes a user's own configuration, enabled and no default", async () => {
    const { organization, member } = await aWorld();

    const config = await aConfig(member, organization, { settings: { temperature: 0.7, top: { k: [1] } } });

    expect(config).toMatchObject({
      id: expect.stringMatching(/^cfg_[0-9a-z]{26}$/),
      scope: 'USER',
      user: { id: member.id },
      createdBy: { id: member.id },
      organization: { id: organization.id },
      ...sonnet,
      settings: { temperature: 0.7, top: { k: [1] } },
      isEnabled: true,
      isDefault: false,
      keyStatus: 'NEEDS_SETUP',
      providerKey: null,
    });
  });

  it('makes one that the organization shares, for owners and admins', async () => {
    const { organization, admin, member } = await aWorld();

    const shared = await aConfig(admin, organization, { scope: 'ORGANIZATION' });
    const input = { organizationId: organization.id, ...sonnet, scope: 'ORGANIZATION' as const };
    const refused = resultOf(await ask(CreateConfig, { input }, { as: member }));

    expect(shared).toMatchObject({ scope: 'ORGANIZATION', user: null, createdBy: { id: admin.id } });
    expect(refused).toMatchObject({ __typename: 'ModelgateForbiddenError', code: 'INSUFFICIENT_PERMISSIONS' });
  });

  it('allows several for one model, and stores an alias as the model that it means', async () => {
    const { organization, member } = await aWorld();

    const one = await aConfig(member, organization);
    const other = await aConfig(member, organization, { modelId: 'claude-sonnet-4-6', settings: { temperature: 1 } });

    expect(one.id).not.toBe(other.id);
    const { provider, modelId } = { provider: 'openai', modelId: 'gpt-4o-2024-08-06' };
    expect(await aConfig(member, organization, { provider, modelId })).toMatchObject({ provider });
  });

  it.each([
    ['a model that the settings disable', sonnet, { code: 'MODEL_NOT_ALLOWED', reasons: ['MODEL_DISABLED'] }],
    ['a retired model', { provider: 'openai', modelId: 'gpt-4' }, { code: 'MODEL_NOT_ALLOWED', reasons: ['RETIRED'] }],
    [
      'an unknown model',
      { provider: 'openai', modelId: 'gpt-99' },
      { code: 'MODEL_NOT_ALLOWED', reasons: ['UNKNOWN_MODEL'] },
    ],
    ['an unknown provider', { provider: 'OpenAI', modelId: 'gpt-4o' }, { code: 'INVALID_PROVIDER_SLUG' }],
    ['a temperature out of range', { settings: { temperature: 2.1 } }, { issues: [{ path: 'settings.temperature' }] }],
    ['no tokens', { settings: { maxTokens: 0 } }, { issues: [{ path: 'settings.maxTokens' }] }],
    [
      'more tokens than the model can',
      { settings: { maxTokens: 10_000_000 } },
      { issues: [{ path: 'settings.maxTokens' }] },
    ],
    ['tokens that are not whole', { settings: { maxTokens: 1.5 } }, { issues: [{ path: 'settings.maxTokens' }] }],
    ['settings that cannot be stored', { settings: { a: ['\0'] } }, { issues: [{ path: 'settings' }] }],
    ['settings that are too long', { settings: { a: 'x'.repeat(20_000) } }, { issues: [{ path: 'settings' }] }],
    ['a provider key that is not there', { providerKeyId: 'key_absent' }, { code: 'INVALID_PROVIDER_KEY' }],
    ['a default that is disabled', { isDefault: true, isEnabled: false }, { code: 'DEFAULT_CONFIG' }],
    ['another revision', { expectedRevision: 9 }, { code: 'REVISION_CONFLICT' }],
  ])('refuses %s, and changes nothing', async (_, change, expected) => {
    const { organization, admin } = await aWorld();
    const disabledModels =
      expected && 'reasons' in expected && expected.reasons[0] === 'MODEL_DISABLED' ? [sonnet.modelId] : ['x'];
    await ask(UpdateSettings, { input: { organizationId: organization.id, disabledModels } }, { as: admin });

    const input = { organizationId: organization.id, ...sonnet, ...change };
    const result = resultOf(await ask(CreateConfig, { input }, { as: admin }));

    expect(result).toMatchObject(expected);
    expect(await db.modelConfig.count({ where: { organizationId: organization.id } })).toBe(0);
    expect(await revisionOf(organization)).toBe(1);
  });
});

describe('updateModelConfig', () => {
  it('changes what is given, replaces the settings whole, and nothing else', async () => {
    const { organization, member } = await aWorld();
    const config = await aConfig(member, organization, { settings: { temperature: 0.7, a: 1 } });

    const changed = await update(member, config.id, { settings: { maxTokens: 100 } });

    expect(changed).toMatchObject({ ...config, settings: { maxTokens: 100 }, updatedAt: expect.any(String) });
    expect(changed.settings).toEqual({ maxTokens: 100 });
  });

  it('makes no revision and moves no time for a change that changes nothing', async () => {
    const { organization, member } = await aWorld();
    const config = await aConfig(member, organization, { settings: { a: { b: 1 } } });

    expect(await update(member, config.id, {})).toEqual(config);
    expect(await update(member, config.id, { settings: { a: { b: 1 } }, isEnabled: true, isDefault: false })).toEqual(
      config,
    );
    expect(await revisionOf(organization)).toBe(1);
  });

  it.each([
    ['null settings', { settings: null }, { code: 'VALIDATION_ERROR' }],
    ['a null switch', { isEnabled: null }, { code: 'VALIDATION_ERROR' }],
    ['a temperature out of range', { settings: { temperature: -1 } }, { issues: [{ path: 'settings.temperature' }] }],
    ['a key that is not there', { providerKeyId: 'key_absent' }, { code: 'INVALID_PROVIDER_KEY' }],
    ['a default that is switched off', { isDefault: true, isEnabled: false }, { code: 'DEFAULT_CONFIG' }],
    ['another revision', { isEnabled: false, expectedRevision: 0 }, { code: 'REVISION_CONFLICT' }],
  ])('refuses %s, and changes nothing', async (_, change, expected) => {
    const { organization, member } = await aWorld();
    const config = await aConfig(member, organization);

    expect(await update(member, config.id, change)).toMatchObject(expected);
    expect(await update(member, config.id, {})).toEqual(config);
  });

  it('leaves a configuration as it is when the policy changes, and says so in its access', async () => {
    const { organization, admin } = await aWorld();
    const config = await aConfig(admin, organization, { scope: 'ORGANIZATION' });
    const input = { organizationId: organization.id, disabledProviders: ['anthropic'] };
    await ask(UpdateSettings, { input }, { as: admin });

    const { data } = await ask(ListConfigs, { organizationId: organization.id }, { as: admin });

    expect(data?.modelConfigs.edges).toMatchObject([
      { node: { id: config.id, isEnabled: true, access: { allowed: false, reasons: ['PROVIDER_DISABLED'] } } },
    ]);
    expect(await update(admin, config.id, { settings: { a: 1 } })).toMatchObject({ settings: { a: 1 } });
    expect(await update(admin, config.id, { isDefault: true })).toMatchObject({ code: 'DEFAULT_CONFIG' });
  });
});

describe('the default', () => {
  it('is one an organization and one a user in it; making one it unmakes the other', async () => {
    const { organization, admin, member } = await aWorld();
    const shared = await aConfig(admin, organization, { scope: 'ORGANIZATION', isDefault: true });
    const own = await aConfig(member, organization, { isDefault: true });
    const next = await aConfig(admin, organization, { scope: 'ORGANIZATION' });

    const made = resultOf(await ask(MakeDefault, { input: { id: next.id } }, { as: admin }));

    expect(made).toMatchObject({ id: next.id, isDefault: true });
    const defaults = await db.modelConfig.findMany({ where: { organizationId: organization.id, isDefault: true } });
    expect(defaults.map(({ id }) => id).toSorted()).toEqual([next.id, own.id].toSorted());
    const [entry] = await db.revision.findMany({
      where: { organizationId: organization.id },
      orderBy: { number: 'desc' },
    });
    expect(entry).toMatchObject({
      action: 'MODEL_CONFIG_UPDATED',
      before: { isDefault: false, defaultConfigId: shared.id },
      after: { isDefault: true, defaultConfigId: next.id },
    });
  });

  it('cannot be switched off, can be cleared, and goes with its configuration', async () => {
    const { organization, admin } = await aWorld();
    const config = await aConfig(admin, organization, { scope: 'ORGANIZATION', isDefault: true });
    const other = await aConfig(admin, organization, { scope: 'ORGANIZATION' });

    const off = resultOf(await ask(EnableConfig, { input: { id: config.id, isEnabled: false } }, { as: admin }));
    expect(off).toMatchObject({ __typename: 'DefaultConfigError', code: 'DEFAULT_CONFIG' });
    expect(await update(admin, config.id, { isDefault: false })).toMatchObject({ isDefault: false });
    expect(
      resultOf(await ask(EnableConfig, { input: { id: config.id, isEnabled: false } }, { as: admin })),
    ).toMatchObject({
      isEnabled: false,
    });
    expect(resultOf(await ask(MakeDefault, { input: { id: config.id } }, { as: admin }))).toMatchObject({
      code: 'DEFAULT_CONFIG',
    });

    await ask(MakeDefault, { input: { id: other.id } }, { as: admin });
    const gone = resultOf(await ask(DeleteConfig, { input: { id: other.id } }, { as: admin }));
    expect(gone).toEqual({ __typename: 'DeletedModelConfig', id: other.id });
    expect(await db.modelConfig.count({ where: { organizationId: organization.id, isDefault: true } })).toBe(0);
  });

  it('can be made of what is switched off, by one change that switches it on, whether or not there is another', async () => {
    const { organization, admin } = await aWorld();
    const [first, second] = [
      await aConfig(admin, organization, { scope: 'ORGANIZATION', isEnabled: false }),
      await aConfig(admin, organization, { scope: 'ORGANIZATION', isEnabled: false }),
    ];

    const made = await update(admin, first.id, { isEnabled: true, isDefault: true });
    const instead = await update(admin, second.id, { isDefault: true, isEnabled: true });

    expect([made, instead]).toMatchObject([
      { id: first.id, isEnabled: true, isDefault: true },
      { id: second.id, isEnabled: true, isDefault: true },
    ]);
    const defaults = await db.modelConfig.findMany({ where: { organizationId: organization.id, isDefault: true } });
    expect(defaults.map(({ id }) => id)).toEqual([second.id]);
    expect(await update(admin, second.id, { isEnabled: false, isDefault: false })).toMatchObject({
      isEnabled: false,
      isDefault: false,
    });
  });

  it('is exactly one after 30 concurrent changes from two instances, and every one is answered', async () => {
    const { organization, admin } = await aWorld();
    const configs = await Promise.all(
      Array.from({ length: 6 }, () => aConfig(admin, organization, { scope: 'ORGANIZATION' })),
    );

    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        instances[index % 2]?.ask(MakeDefault, { input: { id: configs[index % 6]?.id ?? '' } }, { as: admin }),
      ),
    );

    expect(answers.map((answer) => answer?.errors)).toEqual(answers.map(() => undefined));
    expect(answers.every((answer) => answer?.data?.setDefaultModelConfig.__typename === 'ModelConfig')).toBe(true);
    expect(await db.modelConfig.count({ where: { organizationId: organization.id, isDefault: true } })).toBe(1);
  });
});

describe('a configuration', () => {
  it('of another tenant, of another user and an absent one are answered identically', async () => {
    const { organization, admin, member, stranger } = await aWorld();
    const shared = await aConfig(admin, organization, { scope: 'ORGANIZATION' });
    const own = await aConfig(member, organization);
    const attempts = async (id: string, as: { id: string }) => {
      const answers = [
        await ask(UpdateConfig, { input: { id, isEnabled: false } }, { as }),
        await ask(EnableConfig, { input: { id, isEnabled: false } }, { as }),
        await ask(MakeDefault, { input: { id } }, { as }),
        await ask(DeleteConfig, { input: { id } }, { as }),
      ];
      return JSON.stringify(answers.map(({ data, errors }) => ({ data, errors })));
    };

    for (const [id, as] of [
      [shared.id, stranger],
      [own.id, stranger],
      [own.id, admin],
    ] as const) {
      expect(await attempts(id, as)).toBe(await attempts(missing, as));
      expect(await attempts(id, as)).toContain('"ModelgateNotFoundError"');
    }
    expect(await db.modelConfig.count({ where: { organizationId: organization.id, isEnabled: true } })).toBe(2);
  });

  it('that is shared is read by members, and changed by owners and admins alone', async () => {
    const { organization, admin, owner, member } = await aWorld();
    const shared = await aConfig(admin, organization, { scope: 'ORGANIZATION' });

    const { data } = await ask(ListConfigs, { organizationId: organization.id }, { as: member });
    expect(data?.modelConfigs.edges.map(({ node }) => node.id)).toEqual([shared.id]);
    expect(await update(member, shared.id, { isEnabled: false })).toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
    expect(await update(owner, shared.id, { isEnabled: false })).toMatchObject({ isEnabled: false });
  });
});
