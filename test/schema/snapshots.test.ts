import { describe, expect, it } from 'vitest';
import { graphql } from '../generated/gql.ts';
import { CreateConfig } from '../kit/config-operations.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

// The day after OpenAI shuts six snapshots down.
const service = await startService({ clock: () => new Date('2026-12-12T00:00:00Z') });
const { ask, aWorld } = service;

const MayIUseBoth = graphql(`
  query MayIUseBoth($organizationId: ID!, $name: String!, $snapshot: String!) {
    name: modelAccess(organizationId: $organizationId, modelKey: $name) {
      ...Access
    }
    snapshot: modelAccess(organizationId: $organizationId, modelKey: $snapshot) {
      ...Access
    }
  }

  fragment Access on ModelAccess {
    allowed
    reasons
    model {
      id
      aliases
      pointsTo
      snapshotOf
    }
  }
`);

async function update({ organization, admin }: World, change: object) {
  const { data } = await ask(UpdateSettings, { input: { organizationId: organization.id, ...change } }, { as: admin });
  return data?.updateModelSettings;
}

describe('the retirement of a snapshot', () => {
  it.each([
    ['gpt-5', 'gpt-5-2025-08-07'],
    ['o3', 'o3-2025-04-16'],
  ])('does not retire its floating name: %s may be used, %s may not', async (name, snapshot) => {
    const { organization, member } = await aWorld();

    const { data } = await ask(MayIUseBoth, { organizationId: organization.id, name, snapshot }, { as: member });

    expect(data).toEqual({
      name: {
        allowed: true,
        reasons: [],
        model: { id: `mdl_openai/${name}`, aliases: [], pointsTo: snapshot, snapshotOf: [] },
      },
      snapshot: {
        allowed: false,
        reasons: ['RETIRED'],
        model: { id: `mdl_openai/${snapshot}`, aliases: [], pointsTo: null, snapshotOf: [name] },
      },
    });
  });

  it('leaves the name a default and a model to configure, and the snapshot neither', async () => {
    const world = await aWorld();
    const { organization, member } = world;

    expect(await update(world, { defaultModelKey: 'gpt-5' })).toMatchObject({ defaultModelKey: 'gpt-5' });
    expect(await update(world, { defaultModelKey: 'gpt-5-2025-08-07' })).toMatchObject({
      code: 'DEFAULT_MODEL_DISABLED',
      reasons: ['RETIRED'],
    });
    const create = async (modelId: string) => {
      const input = { organizationId: organization.id, provider: 'openai', modelId };
      return (await ask(CreateConfig, { input }, { as: member })).data?.createModelConfig;
    };
    expect(await create('o3')).toMatchObject({ modelId: 'o3' });
    expect(await create('o3-2025-04-16')).toMatchObject({ code: 'MODEL_NOT_ALLOWED', reasons: ['RETIRED'] });
  });
});

describe('an entry of disabledModels', () => {
  it.each([
    ['gpt-4.1', 'gpt-4.1', 'gpt-4.1-2025-04-14', [false, false]],
    ['openai/gpt-4.1', 'gpt-4.1', 'gpt-4.1-2025-04-14', [false, false]],
    ['gpt-4.1-2025-04-14', 'gpt-4.1', 'gpt-4.1-2025-04-14', [false, false]],
    ['gpt-4o', 'gpt-4o', 'gpt-4o-2024-11-20', [false, false]],
    ['gpt-4o-2024-11-20', 'gpt-4o', 'gpt-4o-2024-11-20', [true, false]],
    ['mistral-medium-latest', 'mistral-medium-latest', 'mistral-medium-3-5', [false, false]],
  ])('"%s" is heeded by %s and %s: %j', async (entry, name, snapshot, expected) => {
    const world = await aWorld();
    await update(world, { disabledModels: [entry] });

    const variables = { organizationId: world.organization.id, name, snapshot };
    const { data } = await ask(MayIUseBoth, variables, { as: world.member });

    expect([data?.name.allowed, data?.snapshot.allowed]).toEqual(expected);
  });
});
