import { describe, expect, it } from 'vitest';
import { CatalogError } from '../../src/catalog/faults.ts';
import { createCatalog } from '../../src/catalog/read-catalog.ts';
import { anEntry } from './entries.ts';

describe('a faulty catalog', () => {
  it('is refused with every fault named, by the model that has it', () => {
    const faults = faultsOf([
      anEntry({ modelId: 'free', inputCostPer1kTokens: '0', contextWindow: 0 }),
      anEntry({ modelId: 'lost', provider: 'acme', displayOrder: 1 }),
      anEntry({ modelId: 'heir', successor: 'nobody', displayOrder: 2 }),
      'not a model',
    ]);

    expect(faults).toHaveLength(5);
    expect(faults[0]).toMatch(/^openai\/free: contextWindow: /);
    expect(faults[1]).toMatch(/^openai\/free: inputCostPer1kTokens: .*unknown is null/);
    expect(faults[2]).toMatch(/^acme\/lost: provider: /);
    expect(faults[3]).toMatch(/^entry 3: /);
    expect(faults[4]).toBe('openai/heir: its successor openai/nobody is not in the catalog');
  });

  it.each(['0.10', '.5', '1e-3', '01', '1.', '-1', '0', '0.0', '', '1,5'])('has no price of "%s"', (price) => {
    expect(faultsOf([anEntry({ outputCostPer1kTokens: price })])).toHaveLength(1);
  });

  it('has no two models of one name at one provider, alias or not', () => {
    const faults = faultsOf([
      anEntry({ modelId: 'a', aliases: ['b', 'c'] }),
      anEntry({ modelId: 'b', displayOrder: 1 }),
      anEntry({ modelId: 'd', aliases: ['c', 'd'], displayOrder: 2 }),
      anEntry({ modelId: 'a', provider: 'google' }),
    ]);

    expect(faults).toEqual([
      'openai/b: "b" already names openai/a',
      'openai/d: "c" already names openai/a',
      'openai/d: "d" already names openai/d',
    ]);
  });

  it('has no two models in one place of a provider', () => {
    const faults = faultsOf([anEntry({ modelId: 'a' }), anEntry({ modelId: 'b' })]);

    expect(faults).toEqual(['openai/b: displayOrder 0 is already that of openai/a']);
  });

  it('has no model that succeeds itself or retires before its deprecation', () => {
    const faults = faultsOf([anEntry({ successor: 'nova-1', deprecatedAt: '2026-02-01', retiresAt: '2026-01-31' })]);

    expect(faults).toEqual([
      'openai/nova-1: is its own successor',
      'openai/nova-1: retires on 2026-01-31, before its deprecation on 2026-02-01',
    ]);
  });

  it('has no floating name without its snapshot, nor a snapshot without its floating name', () => {
    const name = (changes: object) => anEntry({ modelId: 'nova', pointsTo: 'nova-0613', displayOrder: 1, ...changes });
    const snapshot = (changes: object) => anEntry({ modelId: 'nova-0613', snapshotOf: ['nova'], ...changes });

    expect(createCatalog([name({}), snapshot({})]).models).toHaveLength(2);
    expect(faultsOf([name({})])).toEqual(['openai/nova: points to openai/nova-0613, which is no snapshot of it']);
    expect(faultsOf([name({}), snapshot({ snapshotOf: [] })])).toHaveLength(1);
    expect(faultsOf([name({}), snapshot({ provider: 'google' })])).toHaveLength(2);
    expect(faultsOf([name({ pointsTo: null }), snapshot({})])).toEqual([
      'openai/nova-0613: is a snapshot of openai/nova, which is no floating name of the catalog',
    ]);
    expect(faultsOf([name({ snapshotOf: ['nova'] }), snapshot({})])).toEqual([
      'openai/nova: is both a floating name and a snapshot',
    ]);
    expect(faultsOf([name({ kind: 'EMBEDDING', baseModel: 'vega' }), snapshot({})])).toEqual([
      'openai/nova: its kind is not that of openai/nova-0613',
      'openai/nova: its baseModel is not that of openai/nova-0613',
    ]);
  });

  it('is not a list, has unknown fields, or a date that is none', () => {
    expect(faultsOf({ models: [] })).toEqual(['the catalog must be a list of models']);
    expect(faultsOf([{ ...anEntry(), price: 1 }])).toHaveLength(1);
    expect(faultsOf([anEntry({ retiresAt: '2026-02-30' })])).toHaveLength(1);
  });
});

function faultsOf(entries: unknown): readonly string[] {
  try {
    createCatalog(entries);
  } catch (error) {
    if (error instanceof CatalogError) return error.faults;
    throw error;
  }
  return expect.fail('the catalog was accepted');
}
