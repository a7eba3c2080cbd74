import { describe, expect, it } from 'vitest';
import { lifecycleOf } from '../../src/catalog/lifecycle.ts';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { AllowedModels, ReadHistory, ReadSettings, UpdateSettings } from '../kit/operations.ts';
import { startService, today } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const { ask, aWorld, db, heard } = await startService();
const retired = readCatalog().models.find((model) => lifecycleOf(model, today) === 'RETIRED');

const untouched = {
  disabledProviders: [],
  disabledModels: [],
  defaultModelKey: null,
  revision: 0,
  updatedAt: null,
  updatedBy: null,
};

async function settingsOf({ organization, member }: World) {
  const { data } = await ask(ReadSettings, { organizationId: organization.id }, { as: member });
  return data?.organizationModelSettings;
}

describe('organizationModelSettings', () => {
  it('answers the defaults for an organization that never set any', async () => {
    const world = await aWorld();

    const settings = await settingsOf(world);

    expect(settings).toMatchObject({ ...untouched, id: world.organization.id.replace('org_', 'oms_') });
  });

  it('refuses a stranger and an absent organization alike', async () => {
    const { organization, stranger } = await aWorld();

    const foreign = await ask(ReadSettings, { organizationId: organization.id }, { as: stranger });
    const absent = await ask(ReadSettings, { organizationId: 'org_nowhere' }, { as: stranger });

    expect(foreign.errors?.[0]?.extensions).toMatchObject({ code: 'ORGANIZATION_ACCESS_DENIED', status: 403 });
    expect(foreign.errors?.[0]?.message).toBe(absent.errors?.[0]?.message);
    expect(foreign.data).toBe(null);
    expect(absent.data).toBe(null);
  });

  it('asks an anonymous caller to sign in', async () => {
    const { organization } = await aWorld();

    const { errors } = await ask(ReadSettings, { organizationId: organization.id });

    expect(errors?.[0]?.extensions).toMatchObject({ code: 'AUTHENTICATION_REQUIRED', type: 'authentication_error' });
  });
});

describe('updateModelSettings', () => {
  it('changes what an admin gives, and says who did it and when', async () => {
    const world = await aWorld();
    const { organization, admin } = world;
    const change = {
      disabledProviders: ['google', 'mistral'],
      disabledModels: ['gpt-4o-mini'],
      defaultModelKey: 'claude-sonnet-4-6',
    };

    const { data } = await ask(
      UpdateSettings,
      { input: { organizationId: organization.id, ...change } },
      { as: admin },
    );

    expect(data?.updateModelSettings).toMatchObject({
      __typename: 'OrganizationModelSettings',
      ...change,
      revision: 1,
      updatedBy: { id: admin.id },
      updatedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(await settingsOf(world)).toMatchObject({
      ...change,
      revision: 1,
      defaultModel: { id: 'mdl_anthropic/claude-sonnet-4-6' },
    });
  });

  it('takes what it disables out of the allowed models', async () => {
    const { organization, admin, member } = await aWorld();
    const input = {
      organizationId: organization.id,
      disabledProviders: ['google', 'mistral'],
      disabledModels: ['gpt-4o-mini'],
    };
    await ask(UpdateSettings, { input }, { as: admin });

    const variables = { organizationId: organization.id, filter: { allowed: true }, first: 100 };
    const { data } = await ask(AllowedModels, variables, { as: member });

    const models = data?.models.edges.map(({ node }) => node) ?? [];
    expect(models.length).toBeGreaterThan(10);
    expect(models.filter(({ provider }) => ['google', 'mistral'].includes(provider))).toEqual([]);
    expect(models.map(({ modelId }) => modelId)).not.toContain('gpt-4o-mini');
    expect(models.every(({ access }) => access.allowed)).toBe(true);
  });

  it('leaves a field that is not given, clears a list by [] and the default by null', async () => {
    const world = await aWorld();
    const { organization, owner } = world;
    const update = (change: object) =>
      ask(UpdateSettings, { input: { organizationId: organization.id, ...change } }, { as: owner });
    await update({ disabledProviders: ['cohere'], disabledModels: ['gpt-4o'], defaultModelKey: 'claude-sonnet-4-6' });

    await update({ disabledProviders: [] });
    expect(await settingsOf(world)).toMatchObject({
      disabledProviders: [],
      disabledModels: ['gpt-4o'],
      defaultModelKey: 'claude-sonnet-4-6',
    });

    await update({ defaultModelKey: null });
    expect(await settingsOf(world)).toMatchObject({
      disabledModels: ['gpt-4o'],
      defaultModelKey: null,
      defaultModel: null,
    });
  });

  it('drops duplicates and keeps the order', async () => {
    const world = await aWorld();
    const input = { organizationId: world.organization.id, disabledProviders: ['openai', 'cohere', 'openai'] };

    await ask(UpdateSettings, { input }, { as: world.admin });

    expect(await settingsOf(world)).toMatchObject({ disabledProviders: ['openai', 'cohere'] });
  });

  it('makes no revision and moves no time for a change that changes nothing', async () => {
    const world = await aWorld();
    const input = { organizationId: world.organization.id, disabledModels: ['gpt-4o'] };
    await ask(UpdateSettings, { input }, { as: world.admin });
    const before = await settingsOf(world);

    const same = await ask(UpdateSettings, { input }, { as: world.owner });
    const empty = await ask(UpdateSettings, { input: { organizationId: world.organization.id } }, { as: world.owner });

    expect(same.data?.updateModelSettings).toMatchObject({ revision: 1, updatedBy: { id: world.admin.id } });
    expect(empty.data?.updateModelSettings).toMatchObject({ __typename: 'OrganizationModelSettings', revision: 1 });
    expect(await settingsOf(world)).toEqual(before);
  });

  it('writes a first empty change of an untouched organization nowhere', async () => {
    const world = await aWorld();
    const input = { organizationId: world.organization.id, disabledProviders: [], defaultModelKey: null };

    const { data } = await ask(UpdateSettings, { input }, { as: world.owner });

    expect(data?.updateModelSettings).toMatchObject({ revision: 0, updatedAt: null });
    expect(await settingsOf(world)).toMatchObject(untouched);
  });

  it.each([
    [
      'an unknown provider, and names all that are bad',
      { disabledProviders: ['invalid_provider', 'google', 'OpenAI'], disabledModels: ['gpt-4o'] },
      {
        __typename: 'InvalidProviderSlugError',
        code: 'INVALID_PROVIDER_SLUG',
        message: 'Invalid provider slugs: invalid_provider, OpenAI',
        invalidProviders: ['invalid_provider', 'OpenAI'],
        validProviders: ['aitronos', 'anthropic', 'cohere', 'google', 'mistral', 'openai'],
      },
    ],
    [
      'a default that the catalog does not have',
      { defaultModelKey: 'gpt-none', disabledModels: ['gpt-4o'] },
      { __typename: 'UnknownModelError', code: 'UNKNOWN_MODEL', modelKey: 'gpt-none' },
    ],
    [
      'a default that the same change disables',
      { defaultModelKey: 'gpt-4o', disabledProviders: ['openai'], disabledModels: ['openai/gpt-4o'] },
      {
        __typename: 'DefaultModelDisabledError',
        code: 'DEFAULT_MODEL_DISABLED',
        modelKey: 'gpt-4o',
        reasons: ['PROVIDER_DISABLED', 'MODEL_DISABLED'],
      },
    ],
    [
      'null for a list',
      { disabledProviders: null, disabledModels: null },
      {
        __typename: 'ModelgateValidationError',
        code: 'VALIDATION_ERROR',
        issues: [
          { path: 'disabledProviders', message: 'must be a list; give [] to clear it' },
          { path: 'disabledModels', message: 'must be a list; give [] to clear it' },
        ],
      },
    ],
    [
      'an empty key',
      { disabledModels: ['gpt-4o', ''] },
      { __typename: 'ModelgateValidationError', issues: [{ path: 'disabledModels.1', message: 'must not be empty' }] },
    ],
    [
      'characters that the database cannot hold',
      { disabledModels: ['a\u0000b', '\ud800'] },
      { __typename: 'ModelgateValidationError', issues: [{ path: 'disabledModels.0' }, { path: 'disabledModels.1' }] },
    ],
    [
      'a list that is too long',
      { disabledModels: Array.from({ length: 251 }, (_, index) => `model-${index}`) },
      { __typename: 'ModelgateValidationError', issues: [{ path: 'disabledModels' }] },
    ],
    [
      'a revision that is not the present one',
      { disabledModels: ['gpt-4o'], expectedRevision: 7 },
      { __typename: 'RevisionConflictError', code: 'REVISION_CONFLICT', expectedRevision: 7, currentRevision: 0 },
    ],
  ])('refuses %s, and changes nothing', async (_, change, expected) => {
    const world = await aWorld();
    const input = { organizationId: world.organization.id, ...change };

    const { data } = await ask(UpdateSettings, { input: input as never }, { as: world.admin });

    expect(data?.updateModelSettings).toMatchObject(expected);
    expect(await settingsOf(world)).toMatchObject(untouched);
  });

  it('refuses a disable that hits the present default, unless the same change gives another', async () => {
    const world = await aWorld();
    const { organization, admin } = world;
    const update = (change: object) =>
      ask(UpdateSettings, { input: { organizationId: organization.id, ...change } }, { as: admin });
    await update({ defaultModelKey: 'claude-sonnet-4-6' });

    const refused = await update({ disabledProviders: ['anthropic'] });
    expect(refused.data?.updateModelSettings).toMatchObject({
      __typename: 'DefaultModelDisabledError',
      modelKey: 'claude-sonnet-4-6',
      reasons: ['PROVIDER_DISABLED'],
    });
    expect(await settingsOf(world)).toMatchObject({ disabledProviders: [], revision: 1 });

    const taken = await update({ disabledProviders: ['anthropic'], defaultModelKey: null });
    expect(taken.data?.updateModelSettings).toMatchObject({ disabledProviders: ['anthropic'], defaultModelKey: null });
  });

  it('refuses a default that is disabled already, or retired, and leaves it be once it is set', async () => {
    const world = await aWorld();
    const update = async (change: object) => {
      const input = { organizationId: world.organization.id, ...change };
      return (await ask(UpdateSettings, { input }, { as: world.admin })).data?.updateModelSettings;
    };
    await update({ disabledModels: ['gpt-4o'] });

    for (const [defaultModelKey, reasons] of [
      ['gpt-4o', ['MODEL_DISABLED']],
      [retired?.id, ['RETIRED']],
    ]) {
      expect(await update({ defaultModelKey })).toMatchObject({ __typename: 'DefaultModelDisabledError', reasons });
    }
    expect(await settingsOf(world)).toMatchObject({ defaultModelKey: null, revision: 1 });

    // Who set it when it might be used can still change all else.
    await db.modelSettings.update({
      where: { organizationId: world.organization.id },
      data: { defaultModelKey: 'gpt-4o' },
    });
    await heard();
    expect(await update({ disabledProviders: ['google'] })).toMatchObject({ disabledProviders: ['google'] });
  });

  it('takes another order of the same entries for no change', async () => {
    const { organization, admin } = await aWorld();
    const update = async (disabledModels: string[]) => {
      const input = { organizationId: organization.id, disabledModels };
      return (await ask(UpdateSettings, { input }, { as: admin })).data?.updateModelSettings;
    };
    await update(['gpt-4o', 'o3']);

    expect(await update(['o3', 'gpt-4o', 'o3'])).toMatchObject({ disabledModels: ['gpt-4o', 'o3'], revision: 1 });
    expect(await update(['o3'])).toMatchObject({ disabledModels: ['o3'], revision: 2 });
  });

  it('accepts models that the catalog does not have, and entries by alias', async () => {
    const { organization, admin, member } = await aWorld();
    const input = { organizationId: organization.id, disabledModels: ['gpt-99', 'claude-3-haiku'] };

    await ask(UpdateSettings, { input }, { as: admin });

    const variables = { organizationId: organization.id, filter: { search: 'claude-3-haiku' } };
    const { data } = await ask(AllowedModels, variables, { as: member });
    expect(data?.models.edges.map(({ node }) => node.access.allowed)).toEqual([false]);
  });

  it('refuses a member who is neither admin nor owner, and changes nothing', async () => {
    const world = await aWorld();
    const input = { organizationId: world.organization.id, disabledProviders: ['google'] };

    const { data, errors } = await ask(UpdateSettings, { input }, { as: world.member });

    expect(errors).toBe(undefined);
    expect(data?.updateModelSettings).toEqual({
      __typename: 'ModelgateForbiddenError',
      code: 'INSUFFICIENT_PERMISSIONS',
      message: 'You must be an Admin or Owner to perform this action',
      organizationId: world.organization.id,
    });
    expect(await settingsOf(world)).toMatchObject(untouched);
  });

  it('refuses a stranger and an absent organization alike, even with an input that is wrong', async () => {
    const { organization, stranger } = await aWorld();
    const attempt = async (organizationId: string) => {
      const input = { organizationId, disabledProviders: ['nonsense'] };
      const { data } = await ask(UpdateSettings, { input }, { as: stranger });
      return JSON.stringify(data).replaceAll(organizationId, 'X');
    };

    expect(await attempt(organization.id)).toContain('ORGANIZATION_ACCESS_DENIED');
    expect(await attempt('org_nowhere')).toBe(await attempt(organization.id));
  });

  it('asks an anonymous caller to sign in', async () => {
    const { organization } = await aWorld();

    const { data } = await ask(UpdateSettings, { input: { organizationId: organization.id } });

    expect(data?.updateModelSettings).toMatchObject({
      __typename: 'ModelgateUnauthenticatedError',
      code: 'AUTHENTICATION_REQUIRED',
    });
  });
});

describe('revisions', () => {
  it('tell owners and admins what changed, newest first', async () => {
    const { organization, admin, owner } = await aWorld();
    const update = (change: object, as: { id: string }) =>
      ask(UpdateSettings, { input: { organizationId: organization.id, ...change } }, { as });
    await update({ disabledProviders: ['google', 'mistral'], defaultModelKey: 'gpt-4o' }, admin);
    await update({ disabledProviders: ['mistral', 'cohere'], defaultModelKey: 'claude-sonnet-4-6' }, owner);

    const { data } = await ask(ReadHistory, { organizationId: organization.id }, { as: admin });

    const history = data?.organization?.revisions;
    expect(history?.totalCount).toBe(2);
    expect(history?.edges.map(({ node }) => node)).toMatchObject([
      {
        number: 2,
        action: 'MODEL_SETTINGS_UPDATED',
        actor: { id: owner.id },
        changes: [
          { field: 'defaultModelKey', added: ['claude-sonnet-4-6'], removed: ['gpt-4o'] },
          { field: 'disabledProviders', added: ['cohere'], removed: ['google'] },
        ],
      },
      {
        number: 1,
        actor: { id: admin.id },
        changes: [
          { field: 'defaultModelKey', added: ['gpt-4o'], removed: [] },
          { field: 'disabledProviders', added: ['google', 'mistral'], removed: [] },
        ],
      },
    ]);
  });

  it('can be paged from both ends', async () => {
    const { organization, owner } = await aWorld();
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      await ask(UpdateSettings, { input: { organizationId: organization.id, disabledModels: [key] } }, { as: owner });
    }
    const page = async (args: object) => {
      const { data } = await ask(ReadHistory, { organizationId: organization.id, ...args }, { as: owner });
      const { edges, pageInfo } = data?.organization?.revisions ?? { edges: [], pageInfo: undefined };
      return { numbers: edges.map(({ node }) => node.number), pageInfo };
    };

    const first = await page({ first: 2 });
    expect(first).toMatchObject({ numbers: [5, 4], pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const second = await page({ first: 2, after: first.pageInfo?.endCursor });
    expect(second).toMatchObject({ numbers: [3, 2], pageInfo: { hasNextPage: true } });
    expect(await page({ first: 2, after: second.pageInfo?.endCursor })).toMatchObject({
      numbers: [1],
      pageInfo: { hasNextPage: false },
    });
    const last = await page({ last: 2 });
    expect(last).toMatchObject({ numbers: [2, 1], pageInfo: { hasPreviousPage: true, hasNextPage: false } });
    expect(await page({ last: 2, before: last.pageInfo?.startCursor })).toMatchObject({ numbers: [4, 3] });
  });

  it('are refused to members', async () => {
    const { organization, member } = await aWorld();

    const { errors } = await ask(ReadHistory, { organizationId: organization.id }, { as: member });

    expect(errors?.[0]).toMatchObject({
      path: ['organization', 'revisions'],
      extensions: { code: 'INSUFFICIENT_PERMISSIONS' },
    });
  });
});
