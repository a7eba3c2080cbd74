import { describe, expect, it } from 'vitest';
import { graphql } from '../generated/gql.ts';
import { AskAccess, ReadHistory } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const service = await startService({ limits: { inputList: 25 } });
const { ask, aWorld, db, heard, anotherInstance } = service;
const other = anotherInstance();

const ChangeLists = graphql(`
  mutation ChangeLists($input: UpdateModelSettingsInput!) {
    updateModelSettings(input: $input) {
      __typename
      ... on OrganizationModelSettings {
        disabledProviders
        disabledModels
        allowedModels
        revision
      }
      ... on PolicyPreview {
        previewed: revision
        changes {
          field
          added
          removed
        }
      }
      ...RefusalFields
    }
  }
`);

async function change(
  { organization, admin }: World,
  input: object,
  { ask: send }: Pick<typeof service, 'ask'> = service,
) {
  const { data, errors } = await send(
    ChangeLists,
    { input: { organizationId: organization.id, ...input } },
    { as: admin },
  );
  expect(errors).toBe(undefined);
  return data?.updateModelSettings ?? expect.fail();
}

describe('entries of lists', () => {
  it('are added and removed in one revision, and the rest of each list stays', async () => {
    const world = await aWorld();
    await change(world, {
      disabledProviders: ['mistral', 'cohere'],
      disabledModels: ['gpt-4o', 'gpt-5*', 'not there'],
      allowedModels: ['openai/*', 'google/*'],
    });
    const entries = {
      addDisabledProviders: ['aitronos'],
      removeDisabledProviders: ['mistral'],
      addDisabledModels: ['Claude Sonnet 4.6', 'gpt-5*'],
      removeDisabledModels: ['GPT-4o', 'Not There'],
      addAllowedModels: ['anthropic/*'],
      removeAllowedModels: ['google/*'],
    };

    const tried = await change(world, { ...entries, dryRun: true });
    const made = await change(world, { ...entries, expectedRevision: 1 });

    expect(tried).toMatchObject({
      previewed: 1,
      changes: [
        { field: 'allowedModels', added: ['anthropic/*'], removed: ['google/*'] },
        { field: 'disabledModels', added: ['anthropic/claude-sonnet-4-6'], removed: ['gpt-4o', 'not there'] },
        { field: 'disabledProviders', added: ['aitronos'], removed: ['mistral'] },
      ],
    });
    expect(made).toEqual({
      __typename: 'OrganizationModelSettings',
      disabledProviders: ['cohere', 'aitronos'],
      disabledModels: ['gpt-5*', 'anthropic/claude-sonnet-4-6'],
      allowedModels: ['openai/*', 'anthropic/*'],
      revision: 2,
    });
    expect(await change(world, entries)).toEqual(made);
    const { data } = await ask(ReadHistory, { organizationId: world.organization.id, first: 1 }, { as: world.admin });
    expect(data?.organization?.revisions?.edges[0]?.node).toMatchObject({
      action: 'MODEL_SETTINGS_UPDATED',
      number: 2,
    });
  });

  it('are not lost where twenty requests, at two instances, add one each', async () => {
    const world = await aWorld();
    const models = Array.from({ length: 20 }, (_, index) => `model-${index}`);

    const outcomes = await Promise.all(
      models.map((model, index) => change(world, { addDisabledModels: [model] }, index % 2 === 0 ? service : other)),
    );

    expect(outcomes.map(({ __typename }) => __typename)).toEqual(models.map(() => 'OrganizationModelSettings'));
    await heard();
    const after = await change(world, {});
    expect(after).toMatchObject({ revision: 20 });
    expect('disabledModels' in after && after.disabledModels.toSorted()).toEqual(models.toSorted());
  });

  it('are neither lost nor kept where some requests add and others remove', async () => {
    const world = await aWorld();
    const [old, fresh] = ['old', 'new'].map((name) => Array.from({ length: 8 }, (_, index) => `${name}-${index}`));
    await change(world, { disabledModels: old });

    await Promise.all([
      ...(old ?? []).map((model) => change(world, { removeDisabledModels: [model] }, other)),
      ...(fresh ?? []).map((model) => change(world, { addDisabledModels: [model] })),
    ]);

    const after = await change(world, {});
    expect(after).toMatchObject({ revision: 17 });
    expect('disabledModels' in after && after.disabledModels.toSorted()).toEqual(fresh);
  });

  it('that are added start an allow list, and the last one that is removed leaves it empty', async () => {
    const world = await aWorld();
    const access = async () => {
      const variables = { organizationId: world.organization.id, modelKey: 'gpt-4o' };
      return (await ask(AskAccess, variables, { as: world.member })).data?.modelAccess.reasons;
    };

    expect(await change(world, { removeAllowedModels: ['o3'] })).toMatchObject({ allowedModels: null, revision: 0 });
    expect(await change(world, { addAllowedModels: ['gpt-4o'] })).toMatchObject({ allowedModels: ['gpt-4o'] });
    expect(await access()).toEqual([]);
    expect(await change(world, { removeAllowedModels: ['GPT-4o'] })).toMatchObject({ allowedModels: [] });
    expect(await access()).toEqual(['NOT_ALLOWED']);
    expect(await change(world, { allowedModels: null })).toMatchObject({ allowedModels: null, revision: 3 });
  });

  it.each<[object, object]>([
    [
      { disabledModels: [], addDisabledModels: ['o3'] },
      {
        issues: [
          { path: 'addDisabledModels', message: 'must not be given beside disabledModels, which replaces the list' },
        ],
      },
    ],
    [
      { addDisabledModels: ['Claude Sonnet 4.6'], removeDisabledModels: ['mdl_anthropic/claude-sonnet-4-6'] },
      { issues: [{ path: 'removeDisabledModels' }] },
    ],
    [{ addDisabledModels: ['gpt-4o', 'a*b'] }, { issues: [{ path: 'addDisabledModels.1' }] }],
    [{ addAllowedModels: ['*'] }, { issues: [{ path: 'addAllowedModels.0' }] }],
    [{ addAllowedModels: null }, { issues: [{ path: 'addAllowedModels' }] }],
    [{ addDisabledProviders: ['opnai'] }, { code: 'INVALID_PROVIDER_SLUG' }],
    [{ addDisabledModels: ['gpt-4.1'] }, { code: 'DEFAULT_MODEL_DISABLED' }],
    [{ addAllowedModels: ['o3'] }, { code: 'DEFAULT_MODEL_DISABLED' }],
    [{ removeDisabledModels: ['o3'], expectedRevision: 7 }, { code: 'REVISION_CONFLICT' }],
    [
      { addDisabledModels: Array.from({ length: 25 }, (_, index) => `model-${index}`) },
      { issues: [{ path: 'disabledModels', message: 'must not have more than 25 entries; it would have 26' }] },
    ],
  ])('are refused, and nothing is written: %j', async (input, refusal) => {
    const world = await aWorld();
    const before = await change(world, { disabledModels: ['o3'], defaultModelKey: 'gpt-4.1' });

    for (const dryRun of [true, false]) expect(await change(world, { ...input, dryRun })).toMatchObject(refusal);

    expect(await change(world, {})).toEqual(before);
  });

  it('that an earlier release has stored, and that are no selectors, can be removed', async () => {
    const world = await aWorld();
    const organizationId = world.organization.id;
    const policy = { disabledProviders: ['gone'], disabledModels: ['*', 'a*b', 'gpt-4o'] };
    await db.modelSettings.create({ data: { organizationId, policy, ...policy, updatedAt: new Date() } });
    await heard();

    expect(await change(world, { addDisabledModels: ['o3'] })).toMatchObject({
      disabledModels: ['*', 'a*b', 'gpt-4o', 'o3'],
    });
    expect(
      await change(world, { removeDisabledModels: ['*', 'A*B'], removeDisabledProviders: ['gone'] }),
    ).toMatchObject({ disabledProviders: [], disabledModels: ['gpt-4o', 'o3'] });
  });
});
