import { describe, expect, it } from 'vitest';
import { createCatalog } from '../../src/catalog/read-catalog.ts';
import { anEntry } from './entries.ts';

describe('a catalog', () => {
  it('finds a model by its name and its aliases, each alone and after the provider', () => {
    const catalog = createCatalog([anEntry({ modelId: 'nova-1-0613', aliases: ['nova-1', 'nova-latest'] })]);

    const keys = ['nova-1-0613', 'nova-1', 'nova-latest', 'openai/nova-1-0613', 'openai/nova-1', 'openai/nova-latest'];

    expect(keys.map((key) => catalog.find(key)?.id)).toEqual(keys.map(() => 'mdl_openai/nova-1-0613'));
    expect(catalog.models[0]?.names).toHaveLength(keys.length);
    expect(new Set(catalog.models[0]?.names)).toEqual(new Set(keys));
  });

  it('finds a floating name and its snapshot as two models', () => {
    const catalog = createCatalog([
      anEntry({ modelId: 'nova-1', aliases: ['nova'], pointsTo: 'nova-1-0613' }),
      anEntry({ modelId: 'nova-1-0613', snapshotOf: ['nova-1'], displayOrder: 1 }),
    ]);

    expect(catalog.find('nova')?.id).toBe('mdl_openai/nova-1');
    expect(catalog.find('nova-1-0613')?.id).toBe('mdl_openai/nova-1-0613');
    expect(catalog.models[1]?.names).toEqual(['nova-1-0613', 'openai/nova-1-0613']);
  });

  it('finds nothing by a name of something else', () => {
    const catalog = createCatalog([anEntry()]);

    for (const key of ['google/nova-1', 'openai/', 'nova', 'nova1', 'nova_1', '', ' ', '__proto__', 'mdl_', 'openai']) {
      expect(catalog.find(key)).toBeUndefined();
      expect(catalog.keysOf(key)).toEqual([]);
    }
  });

  it('finds a model by its id, and by nothing but its id', () => {
    const catalog = createCatalog([anEntry({ aliases: ['nova'] })]);

    expect(catalog.byId('mdl_openai/nova-1')).toBe(catalog.find('nova'));
    expect(catalog.byId('mdl_openai/nova')).toBeUndefined();
    expect(catalog.byId('nova-1')).toBeUndefined();
  });

  it('gives the first provider of the list for a bare name that several use, and each for its own', () => {
    const catalog = createCatalog([
      anEntry({ provider: 'openai' }),
      anEntry({ provider: 'google', modelId: 'nova', aliases: ['nova-1'] }),
    ]);

    expect(catalog.find('nova-1')?.provider).toBe('google');
    expect(catalog.find('google/nova-1')?.modelId).toBe('nova');
    expect(catalog.find('openai/nova-1')?.modelId).toBe('nova-1');
  });

  it('lists by provider and then by display order, whatever the order it was given in', () => {
    const entries = [
      anEntry({ provider: 'openai', modelId: 'b', displayOrder: 1 }),
      anEntry({ provider: 'openai', modelId: 'z', displayOrder: 0 }),
      anEntry({ provider: 'anthropic', modelId: 'y', displayOrder: 10 }),
      anEntry({ provider: 'anthropic', modelId: 'x', displayOrder: 9 }),
    ];

    const catalog = createCatalog(entries);

    expect(catalog.models.map(({ modelId }) => modelId)).toEqual(['x', 'y', 'z', 'b']);
    expect(createCatalog(entries.toReversed()).models).toEqual(catalog.models);
  });

  it('gives each model its index in the list, and the moment at which it was added', () => {
    const catalog = createCatalog([
      anEntry({ modelId: 'b', displayOrder: 1, addedAt: '2026-03-01' }),
      anEntry({ provider: 'anthropic', modelId: 'c' }),
      anEntry({ modelId: 'a' }),
    ]);

    expect(catalog.models.map(({ position }) => position)).toEqual([0, 1, 2]);
    expect(catalog.find('b')).toMatchObject({ position: 2, added: new Date('2026-03-01T00:00:00Z') });
  });

  it('groups snapshots and the offers of several providers by their base model', () => {
    const catalog = createCatalog([
      anEntry({ modelId: 'nova-1' }),
      anEntry({ modelId: 'nova-1-0613', displayOrder: 1 }),
      anEntry({ modelId: 'vega', baseModel: 'vega', displayOrder: 2 }),
      anEntry({ provider: 'mistral', modelId: 'hosted-nova' }),
    ]);

    const groups = catalog.groups.map(({ baseModel, models }) => [baseModel, models.map(({ id }) => id)]);

    expect(groups).toEqual([
      ['nova-1', ['mdl_mistral/hosted-nova', 'mdl_openai/nova-1', 'mdl_openai/nova-1-0613']],
      ['vega', ['mdl_openai/vega']],
    ]);
  });

  it('cannot be changed by those who read it', () => {
    const catalog = createCatalog([anEntry()]);

    expect(Object.isFrozen(catalog.models)).toBe(true);
    expect(Object.isFrozen(catalog.models[0]?.aliases)).toBe(true);
  });

  it('finds each of 10,000 models', () => {
    const entries = Array.from({ length: 10_000 }, (_, index) =>
      anEntry({
        provider: index % 2 === 0 ? 'openai' : 'mistral',
        modelId: `nova-${index}`,
        aliases: [`n${index}`],
        baseModel: `base-${index % 500}`,
        displayOrder: index,
      }),
    );

    const catalog = createCatalog(entries);

    expect(catalog.models).toHaveLength(10_000);
    expect(catalog.groups).toHaveLength(500);
    for (let index = 0; index < 10_000; index += 1) {
      if (catalog.find(`n${index}`)?.modelId !== `nova-${index}`) expect.fail(`n${index} is not found`);
    }
  });
});
