import { describe, expect, it } from 'vitest';
import { CreateConfig, EnableConfig, ListConfigs, UpdateConfig } from '../kit/config-operations.ts';
import { ReadHistory } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';

const { ask, aWorld, db, logLines } = await startService();

const cursor = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');
const deep = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
const sonnet = { provider: 'anthropic', modelId: 'claude-sonnet-4-6' };

describe('an input that nobody means', () => {
  it.each([
    ['a NUL in a filter', { filter: { modelId: 'a\0' } }],
    ['a NUL in a cursor', { after: cursor(['CREATED_AT', '2026-01-01T00:00:00Z', '\0']) }],
    ['a year that is none, in a cursor', { after: cursor(['CREATED_AT', '0000-01-01T00:00:00Z', 'x']) }],
    ['a cursor of another order', { after: cursor(['DISPLAY_NAME', 'x', 'x']) }],
    ['a provider that is none', { filter: { provider: 'bogus\0' } }],
  ])('is refused as the fault of the request: %s', async (_, args) => {
    const { organization, member } = await aWorld();

    const { errors } = await ask(ListConfigs, { organizationId: organization.id, ...args }, { as: member });

    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions.code).toMatch(/^(VALIDATION_ERROR|INVALID_PROVIDER_SLUG)$/);
  });

  it.each([Number.MAX_SAFE_INTEGER, -1e12, 1.5])('is refused in a cursor of the history: %d', async (number) => {
    const { organization, owner } = await aWorld();

    const variables = { organizationId: organization.id, after: cursor(number) };
    const { errors } = await ask(ReadHistory, variables, { as: owner });

    expect(errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  it('is no id of a configuration', async () => {
    const { member } = await aWorld();

    for (const id of ['cfg_\0', '', 'cfg_', `cfg_${'x'.repeat(150)}`, 'org_x']) {
      const { data } = await ask(EnableConfig, { input: { id, isEnabled: true } }, { as: member });
      expect(data?.setModelConfigEnabled).toMatchObject({ __typename: 'ModelgateNotFoundError' });
    }
  });

  it.each([
    ['nested 90 deep', deep(90)],
    ['nested 40 deep', deep(40)],
    ['with a number that is not finite', '{ a: 1e999 }'],
  ])('is no settings: %s', async (_, settings) => {
    const { organization, member } = await aWorld();

    const { data, errors } =
      typeof settings === 'string'
        ? await ask<{ createModelConfig: object }, Record<string, never>>(
            `mutation { createModelConfig(input: { organizationId: "${organization.id}", provider: "anthropic",
              modelId: "claude-sonnet-4-6", settings: ${settings} }) { __typename } }`,
            {},
            { as: member },
          )
        : await ask(CreateConfig, { input: { organizationId: organization.id, ...sonnet, settings } }, { as: member });

    expect(errors).toBe(undefined);
    expect(data?.createModelConfig).toMatchObject({ __typename: 'ModelgateValidationError' });
    expect(await db.modelConfig.count({ where: { organizationId: organization.id } })).toBe(0);
  });

  it('is a provider key that cannot be one', async () => {
    const { organization, member } = await aWorld();
    const input = { organizationId: organization.id, ...sonnet, providerKeyId: 'key_\0' };

    const { data } = await ask(CreateConfig, { input }, { as: member });

    expect(data?.createModelConfig).toMatchObject({ issues: [{ path: 'providerKeyId', message: 'is no id' }] });
  });

  it.each(['{a'.repeat(20_000), `{ a(b: ${'['.repeat(20_000)}) }`])(
    'is a document that is nested too deeply, and leaves no fault of ours in the log',
    async (query) => {
      const { errors, data } = await ask(query);

      expect(data).toBe(undefined);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_ERROR' });
      expect(logLines().filter(({ level }) => level === 50)).toEqual([]);
    },
  );
});

describe('settings', () => {
  it('that are given again as a literal are no change', async () => {
    const { organization, member } = await aWorld();
    const input = { organizationId: organization.id, ...sonnet, settings: { nested: { a: 1 }, zero: 0 } };
    const { data } = await ask(CreateConfig, { input }, { as: member });
    const id = data?.createModelConfig && 'id' in data.createModelConfig ? data.createModelConfig.id : '';

    await ask(
      `mutation { updateModelConfig(input: { id: "${id}", settings: { nested: { a: 1 }, zero: -0 } }) { __typename } }`,
      {},
      { as: member },
    );
    await ask(UpdateConfig, { input: { id, settings: { zero: 0, nested: { a: 1 } } } }, { as: member });

    expect(await db.revision.count({ where: { organizationId: organization.id } })).toBe(1);
  });
});

describe('what would be told for good', () => {
  const mutate = (text: string, as: { id: string }) =>
    ask<Record<string, { __typename: string; id?: string; issues?: object[] }>, Record<string, never>>(
      `mutation { ${text} }`,
      {},
      { as },
    );

  it('is not the value of a provider key, as its name', async () => {
    const { organization, admin } = await aWorld();
    const secret = 'sk-proj-A1b2C3d4E5f6G7h8';
    const created = await mutate(
      `createProviderKey(input: { organizationId: "${organization.id}", provider: "openai", name: "Main",
        secret: "${secret}" }) { __typename ... on ProviderKey { id } }`,
      admin,
    );
    const id = created.data?.createProviderKey?.id;

    const renamed = await mutate(
      `updateProviderKey(input: { id: "${id}", name: "it is ${secret}" }) {
        __typename ... on ModelgateValidationError { issues { path message } } }`,
      admin,
    );
    const rotated = await mutate(
      `rotateProviderKey(input: { id: "${id}", secret: "Main-Main-Main" }) { __typename }
       again: updateProviderKey(input: { id: "${id}", name: "Main-Main-Main" }) { __typename }`,
      admin,
    );

    expect(renamed.data?.updateProviderKey).toMatchObject({
      __typename: 'ModelgateValidationError',
      issues: [{ path: 'name' }],
    });
    expect(rotated.data).toMatchObject({
      rotateProviderKey: { __typename: 'ProviderKey' },
      again: { __typename: 'ModelgateValidationError' },
    });
    expect(JSON.stringify(await db.revision.findMany())).not.toContain(secret);
  });

  it('is not a day that cannot be written', async () => {
    const { organization, owner } = await aWorld();

    const { data } = await mutate(
      `createApiKey(input: { organizationId: "${organization.id}", name: "x", scopes: [READ],
        expiresAt: "9999-12-31T23:59:59-12:00" }) { __typename }`,
      owner,
    );

    expect(data?.createApiKey).toEqual({ __typename: 'ModelgateValidationError' });
  });
});
