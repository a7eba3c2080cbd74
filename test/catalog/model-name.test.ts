import { describe, expect, it } from 'vitest';
import { CatalogError } from '../../src/catalog/faults.ts';
import { createCatalog } from '../../src/catalog/read-catalog.ts';
import { anEntry } from './entries.ts';

const catalog = createCatalog([
  anEntry({ modelId: 'nova-1', aliases: ['nova'], displayName: 'Nova 1' }),
  anEntry({ modelId: 'nova-1-mini', displayName: 'Nova 1 mini', displayOrder: 1 }),
  anEntry({ provider: 'google', modelId: 'nova-1', displayName: 'Nova 1 (Google)' }),
]);

describe('a name of a model', () => {
  it.each([
    ['a key', 'nova-1-mini', 'nova-1-mini'],
    ['a key of several providers', 'NOVA-1', 'nova-1'],
    ['an alias in another case', 'Nova', 'nova'],
    ['a key after its provider', 'OpenAI/Nova-1', 'openai/nova-1'],
    ['a key with blanks around', ' \t nova-1-mini\n', 'nova-1-mini'],
    ['a key with what is not seen', 'nova\u00ad-1\u200b-mini\ufeff', 'nova-1-mini'],
    ['a key with the dashes of a text', 'nova\u20111\u2013mini', 'nova-1-mini'],
    ['a key in wide letters', 'ｎｏｖａ-1-mini', 'nova-1-mini'],
    ['an id', 'mdl_openai/nova-1-mini', 'openai/nova-1-mini'],
    ['an id in another case', 'MDL_OpenAI/nova-1-mini', 'openai/nova-1-mini'],
    ['a display name', 'Nova 1 mini', 'openai/nova-1-mini'],
    ['a display name in another case, with other spaces', 'NOVA\u00a01  MINI', 'openai/nova-1-mini'],
    ['a display name after its provider', 'openai/Nova 1 mini', 'openai/nova-1-mini'],
  ])('is %s', (_, name, key) => {
    expect(catalog.keysOf(name)).toEqual([key]);
    expect(catalog.find(name)).toBe(catalog.find(key));
    expect(catalog.find(name)).toBeDefined();
  });

  it('stands for every model that has it as its display name, and finds the first of them', () => {
    const shared = createCatalog([
      anEntry({ modelId: 'a', displayName: 'Nova' }),
      anEntry({ provider: 'google', modelId: 'b', displayName: 'nova' }),
    ]);

    expect(shared.keysOf('NOVA')).toEqual(['google/b', 'openai/a']);
    expect(shared.find('NOVA')?.id).toBe('mdl_google/b');
  });

  it('is a key rather than a display name where it is both', () => {
    const both = createCatalog([
      anEntry({ modelId: 'a', displayName: 'B' }),
      anEntry({ modelId: 'b', displayName: 'A', displayOrder: 1 }),
    ]);

    expect(both.find('B')?.modelId).toBe('b');
    expect(both.keysOf('B')).toEqual(['b']);
  });

  it('is none of more than 200 characters', () => {
    expect(catalog.find(`nova-1${' '.repeat(194)}`)?.modelId).toBe('nova-1');
    expect(catalog.find(`nova-1${' '.repeat(195)}`)).toBeUndefined();
    expect(catalog.keysOf(`nova-1${' '.repeat(195)}`)).toEqual([]);
  });

  it('is not that of two models of a provider that differ in case', () => {
    expect(() => createCatalog([anEntry(), anEntry({ modelId: 'NOVA-1', displayOrder: 1 })])).toThrow(CatalogError);
  });
});
