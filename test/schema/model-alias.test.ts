import { describe, expect, it } from 'vitest';
import shippedModels from '../../src/catalog/models.json' with { type: 'json' };
import { createCatalog, readCatalog } from '../../src/catalog/read-catalog.ts';
import { anEntry } from '../catalog/entries.ts';
import { aliasesOf } from '../kit/aliases.ts';
import { AskAccess, ReadHistory, ReadSettings, UpdateSettings } from '../kit/operations.ts';
import { RestorePolicy } from '../kit/policy.ts';
import { ApplyPolicy, ReadPolicyDocument } from '../kit/policy-documents.ts';
import { startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const service = await startService({ limits: { inputList: 12 } });
const { anotherInstance, ask, aWorld, takeStatements } = service;
const { set, drop, read } = aliasesOf(service);

async function settings({ organization, admin }: World, change: object) {
  const { data } = await ask(UpdateSettings, { input: { organizationId: organization.id, ...change } }, { as: admin });
  return data?.updateModelSettings;
}

async function accessOf({ organization, member }: World, modelKey: string) {
  const { data } = await ask(AskAccess, { organizationId: organization.id, modelKey }, { as: member });
  return data?.modelAccess;
}

async function revisionOf(world: World) {
  return (await read(world))?.revision;
}

describe('setModelAlias', () => {
  it('makes an alias, whose name and models are stored as they are spelled, and replaces it', async () => {
    const world = await aWorld();

    const made = await set(world, ' Fast ', ['GPT-4o mini', 'mdl_openai/gpt-4.1-mini', 'openai/gpt-4.1-mini']);
    const replaced = await set(world, 'fast', ['gpt-4.1-mini'], { reason: 'cost', expectedRevision: 1 });

    expect(made).toMatchObject({
      settingsRevision: 1,
      organization: { modelAliases: [{ name: 'fast', targets: ['openai/gpt-4o-mini', 'openai/gpt-4.1-mini'] }] },
    });
    expect(replaced).toMatchObject({
      settingsRevision: 2,
      organization: { modelAliases: [{ name: 'fast', targets: ['gpt-4.1-mini'] }] },
    });
    const { data } = await ask(ReadHistory, { organizationId: world.organization.id, first: 1 }, { as: world.admin });
    expect(data?.organization?.revisions?.edges[0]?.node).toMatchObject({
      action: 'MODEL_ALIAS_SET',
      changes: [
        { field: 'aliases.fast', added: ['gpt-4.1-mini'], removed: ['openai/gpt-4o-mini', 'openai/gpt-4.1-mini'] },
      ],
    });
  });

  it('makes no revision of what is so already, but one of another order', async () => {
    const world = await aWorld();
    await set(world, 'fast', ['gpt-4o-mini', 'gpt-4.1-mini']);

    expect(await set(world, 'FAST', ['GPT-4O-MINI', 'gpt-4.1-mini'])).toMatchObject({ settingsRevision: 1 });
    expect(await set(world, 'fast', ['gpt-4.1-mini', 'gpt-4o-mini'])).toMatchObject({ settingsRevision: 2 });
  });

  it('is tried by a dry run, which tells for which model the alias would stand', async () => {
    const world = await aWorld();
    await set(world, 'fast', ['gpt-4o-mini']);

    const tried = await set(world, 'fast', ['gpt-4.1-mini'], { dryRun: true });

    expect(tried).toMatchObject({
      __typename: 'PolicyPreview',
      changes: [{ field: 'aliases.fast', added: ['gpt-4.1-mini'], removed: ['gpt-4o-mini'] }],
      impact: {
        aliases: [{ name: 'fast', from: { id: 'mdl_openai/gpt-4o-mini' }, to: { id: 'mdl_openai/gpt-4.1-mini' } }],
      },
    });
    expect(await read(world)).toMatchObject({ revision: 1, modelAliases: [{ targets: ['gpt-4o-mini'] }] });
  });

  const many = Array.from({ length: 11 }, (_, index) => `gpt-4o-${index}`);
  it.each<[string, string, string[], object]>([
    ['an empty name', ' ', ['gpt-4o'], { issues: [{ path: 'name' }] }],
    ['a name that begins with a hyphen', '-fast', ['gpt-4o'], { issues: [{ path: 'name' }] }],
    ['a name with other characters', 'fast/er', ['gpt-4o'], { issues: [{ path: 'name' }] }],
    ['a name with an invisible character', 'fa\u200bst', ['gpt-4o'], { issues: [{ path: 'name' }] }],
    ['a name of 64 characters', 'f'.repeat(64), ['gpt-4o'], { issues: [{ path: 'name' }] }],
    ['the key of a model', 'GPT-4o', ['gpt-4.1'], { issues: [{ path: 'name', message: /name of a model/ }] }],
    ['no model', 'fast', [], { issues: [{ path: 'targets', message: 'must name a model' }] }],
    ['eleven models', 'fast', many, { issues: [{ path: 'targets', message: /10/ }] }],
    ['a pattern', 'fast', ['gpt-4o*'], { issues: [{ path: 'targets.0', message: /one model/ }] }],
    ['a model that does not exist', 'fast', ['gpt-4o', 'nova'], { code: 'UNKNOWN_MODEL', modelKey: 'nova' }],
    ['an empty model', 'fast', ['gpt-4o', ''], { issues: [{ path: 'targets.1' }] }],
    ['an alias of an alias', 'fast', ['Smart'], { issues: [{ path: 'targets', message: /"Smart" is an alias/ }] }],
    ['an alias of itself', 'fast', ['gpt-4o', 'fast'], { issues: [{ path: 'targets', message: /is an alias/ }] }],
    ['what every object has', '__proto__', ['gpt-4o'], { issues: [{ path: 'name' }] }],
  ])('refuses %s, and writes nothing', async (_, name, targets, refusal) => {
    const world = await aWorld();
    await set(world, 'smart', ['gpt-4o']);

    const refused = await set(world, name, targets);

    const { issues, ...others } = refusal as { issues?: { path: string; message?: string | RegExp }[] };
    expect(refused).toMatchObject({ code: 'VALIDATION_ERROR', ...others });
    for (const [index, { path, message }] of (issues ?? []).entries()) {
      const told = (refused as { issues: { path: string; message: string }[] }).issues[index];
      expect(told?.path).toBe(path);
      if (message) expect(told?.message).toMatch(message);
    }
    expect(await read(world)).toMatchObject({ revision: 1, modelAliases: [{ name: 'smart' }] });
  });

  it('keeps as many aliases as a list may have entries, and can replace one then', async () => {
    const world = await aWorld();
    for (let index = 0; index < 12; index += 1) await set(world, `fast-${index}`, ['gpt-4o']);

    expect(await set(world, 'one-more', ['gpt-4o'])).toMatchObject({ issues: [{ path: 'aliases' }] });
    expect(await set(world, 'fast-0', ['gpt-4.1'])).toMatchObject({ settingsRevision: 13 });
  });

  it('refuses another revision than the expected one, and what would leave the default without a model', async () => {
    const world = await aWorld();
    await set(world, 'fast', ['gpt-4o']);
    await settings(world, { defaultModelKey: 'fast', disabledModels: ['gpt-4.1'] });

    expect(await set(world, 'fast', ['gpt-4.1-mini'], { expectedRevision: 1 })).toMatchObject({
      code: 'REVISION_CONFLICT',
    });
    expect(await set(world, 'fast', ['gpt-4.1'])).toMatchObject({
      code: 'DEFAULT_MODEL_DISABLED',
      modelKey: 'fast',
      reasons: ['MODEL_DISABLED'],
    });
    expect(await set(world, 'fast', ['text-embedding-3-small'])).toMatchObject({ issues: [{ path: 'targets' }] });
    expect(await revisionOf(world)).toBe(2);
  });
});

describe('deleteModelAlias', () => {
  it('deletes an alias in any case, after which its name is unknown', async () => {
    const world = await aWorld();
    await set(world, 'fast', ['gpt-4o']);
    expect(await accessOf(world, 'fast')).toMatchObject({ allowed: true });

    expect(await drop(world, 'fast', { dryRun: true })).toMatchObject({
      changes: [{ field: 'aliases.fast', added: [], removed: ['gpt-4o'] }],
    });
    expect(await drop(world, ' FAST ')).toMatchObject({ settingsRevision: 2, organization: { modelAliases: [] } });

    expect(await accessOf(world, 'fast')).toMatchObject({ model: null, reasons: ['UNKNOWN_MODEL'] });
  });

  it('refuses one that is not there, and the default, which has to be set anew before', async () => {
    const world = await aWorld();
    await set(world, 'fast', ['gpt-4o']);
    await settings(world, { defaultModelKey: 'Fast' });

    expect(await drop(world, 'slow')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await drop(world, 'gpt-4o')).toMatchObject({ code: 'NOT_FOUND' });
    expect(await drop(world, 'slow/')).toMatchObject({ issues: [{ path: 'name' }] });
    expect(await drop(world, 'fast')).toMatchObject({ issues: [{ path: 'name', message: /set another default/ }] });
    expect(await revisionOf(world)).toBe(2);

    await settings(world, { defaultModelKey: null });
    expect(await drop(world, 'fast')).toMatchObject({ settingsRevision: 4 });
  });
});

describe('an alias', () => {
  it('stands for the first of its models that the caller may use, in every answer', async () => {
    const world = await aWorld();
    const { id: organizationId } = world.organization;
    await set(world, 'fast', ['gpt-4o-mini', 'gpt-4.1-mini']);
    expect(await settings(world, { defaultModelKey: ' FAST' })).toMatchObject({ defaultModelKey: 'fast' });

    await settings(world, { disabledModels: ['gpt-4o-mini'] });

    expect(await read(world)).toMatchObject({
      modelAliases: [
        {
          models: [
            { modelKey: 'gpt-4o-mini', access: { allowed: false, reasons: ['MODEL_DISABLED'] } },
            { modelKey: 'gpt-4.1-mini', access: { allowed: true, model: { id: 'mdl_openai/gpt-4.1-mini' } } },
          ],
          model: { id: 'mdl_openai/gpt-4.1-mini' },
          shadows: null,
        },
      ],
    });
    expect(await accessOf(world, 'Fast')).toMatchObject({ allowed: true, model: { id: 'mdl_openai/gpt-4.1-mini' } });
    const { data } = await ask(ReadSettings, { organizationId }, { as: world.member });
    expect(data?.organizationModelSettings).toMatchObject({
      defaultModelKey: 'fast',
      defaultModel: { id: 'mdl_openai/gpt-4.1-mini' },
    });
    const effective = await ask<{ organization: { effectiveDefaultModel: object } }, { id: string }>(
      'query ($id: ID!) { organization(id: $id) { effectiveDefaultModel { model { id } source skipped { modelKey } } } }',
      { id: organizationId },
      { as: world.member },
    );
    expect(effective.data?.organization.effectiveDefaultModel).toEqual({
      model: { id: 'mdl_openai/gpt-4.1-mini' },
      source: 'ORGANIZATION_SETTINGS',
      skipped: [],
    });
  });

  it('of models none of which may be used is refused with the reasons against the first', async () => {
    const world = await aWorld();
    await set(world, 'fast', ['gpt-4o-mini', 'claude-haiku-4-5']);
    await settings(world, { disabledModels: ['gpt-4o-mini'], disabledProviders: ['anthropic'] });

    expect(await accessOf(world, 'fast')).toMatchObject({
      allowed: false,
      model: { id: 'mdl_openai/gpt-4o-mini' },
      reasons: ['MODEL_DISABLED'],
    });
    expect((await read(world))?.modelAliases[0]?.model).toBe(null);
    expect(await settings(world, { defaultModelKey: 'fast' })).toMatchObject({ code: 'DEFAULT_MODEL_DISABLED' });
  });

  it('is no default where it stands for no chat model, whichever way it is set', async () => {
    const world = await aWorld();
    const { id: organizationId } = world.organization;
    await set(world, 'vectors', ['text-embedding-3-small']);
    const document = 'defaultModelKey: vectors\naliases:\n  vectors: [text-embedding-3-small]\n';

    expect(await settings(world, { defaultModelKey: 'vectors' })).toMatchObject({
      issues: [{ path: 'defaultModelKey', message: /chat model/ }],
    });
    const { data } = await ask(ApplyPolicy, { input: { organizationId, document } }, { as: world.admin });
    expect(data?.applyPolicy).toMatchObject({ issues: [{ path: 'defaultModelKey', line: 1 }] });
  });

  it('is restored, and written and read as a document', async () => {
    const world = await aWorld();
    const { id: organizationId } = world.organization;
    const as = world.admin;
    await set(world, 'smart', ['gpt-4.1', 'gpt-4o']);
    await set(world, 'fast', ['gpt-4o-mini']);
    const { data: written } = await ask(ReadPolicyDocument, { organizationId, format: 'YAML' }, { as });
    const document = written?.policyDocument ?? '';
    await drop(world, 'smart');

    const { data: restored } = await ask(RestorePolicy, { input: { organizationId, revision: 2 } }, { as });
    expect(restored?.restorePolicy).toMatchObject({ settingsRevision: 4 });
    expect((await read(world))?.modelAliases).toMatchObject([
      { name: 'fast', targets: ['gpt-4o-mini'] },
      { name: 'smart', targets: ['gpt-4.1', 'gpt-4o'] },
    ]);
    const { data: applied } = await ask(ApplyPolicy, { input: { organizationId, document } }, { as });
    expect(applied?.applyPolicy).toMatchObject({ settingsRevision: 4 });
    const loop = 'aliases:\n  fast: [gpt-4o]\n  smart: [fast]\n';
    const { data: looped } = await ask(ApplyPolicy, { input: { organizationId, document: loop } }, { as });
    expect(looped?.applyPolicy).toMatchObject({ issues: [{ path: 'aliases.smart', line: 3 }] });
  });

  it('is part of the policy at each revision', async () => {
    const world = await aWorld();
    await set(world, 'fast', ['gpt-4o']);
    await set(world, 'fast', ['gpt-4.1']);

    const { data } = await ask<{ organization: { policy: { aliases: unknown } } }, { id: string }>(
      'query ($id: ID!) { organization(id: $id) { policy(atRevision: 1) { aliases { name targets model { id } } } } }',
      { id: world.organization.id },
      { as: world.admin },
    );

    expect(data?.organization.policy.aliases).toEqual([
      { name: 'fast', targets: ['gpt-4o'], model: { id: 'mdl_openai/gpt-4o' } },
    ]);
  });

  it('keeps its meaning where the catalog gains a model of its name, and is told as shadowing it', async () => {
    const world = await aWorld();
    await set(world, 'sonar-next', ['gpt-4o']);
    const added = anEntry({
      modelId: 'sonar-next',
      baseModel: 'sonar-next',
      displayName: 'Sonar Next',
      displayOrder: 9_999,
    });
    const later = createCatalog([...shippedModels, added], readCatalog().version + 1);
    const other = anotherInstance({ catalog: later });

    const { data } = await other.ask(
      AskAccess,
      { organizationId: world.organization.id, modelKey: 'Sonar-Next' },
      { as: world.member },
    );

    expect(data?.modelAccess).toMatchObject({ allowed: true, model: { id: 'mdl_openai/gpt-4o' } });
    const told = await aliasesOf(other).read(world);
    expect(told?.modelAliases[0]).toMatchObject({
      name: 'sonar-next',
      model: { id: 'mdl_openai/gpt-4o' },
      shadows: { id: 'mdl_openai/sonar-next' },
    });
    expect((await read(world))?.modelAliases[0]?.shadows).toBe(null);
    // It is there already, so it can be changed.
    expect(await aliasesOf(other).set(world, 'sonar-next', ['gpt-4.1'])).toMatchObject({ settingsRevision: 2 });
  });

  it('keeps a model that the catalog has lost when it is set anew, and no other alias may name that model', async () => {
    const world = await aWorld();
    await set(world, 'fast', ['gpt-4o-mini', 'gpt-4.1-mini']);
    const left = shippedModels.filter(({ modelId }) => !modelId.startsWith('gpt-4o-mini'));
    const other = aliasesOf(anotherInstance({ catalog: createCatalog(left, readCatalog().version + 1) }));

    expect(await other.set(world, 'fast', ['gpt-4.1-mini', 'gpt-4o-mini'])).toMatchObject({
      settingsRevision: 2,
      organization: { modelAliases: [{ name: 'fast', targets: ['gpt-4.1-mini', 'gpt-4o-mini'] }] },
    });
    expect(await other.set(world, 'slow', ['gpt-4o-mini'])).toMatchObject({ code: 'UNKNOWN_MODEL' });
  });

  it('is read without a statement of its own, however many there are', async () => {
    const world = await aWorld();
    const statementsWith = async (...names: string[]) => {
      for (const name of names) await set(world, name, ['gpt-4o', 'gpt-4.1', 'gpt-4o-mini']);
      takeStatements();
      expect((await read(world, world.owner))?.modelAliases.at(-1)?.name).toBe(names.at(-1));
      return takeStatements().length;
    };
    // The session of the owner is cached from then on.
    await statementsWith('a');

    expect(await statementsWith('b')).toBe(await statementsWith('c', 'd', 'e', 'f'));
  });
});
