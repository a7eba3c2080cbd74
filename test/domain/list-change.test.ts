import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { parseInput } from '../../src/domain/input/validation.ts';
import { changeLists, type ListChange, listChangeFields } from '../../src/domain/policy/list-change.ts';
import { type Lists, noLists } from '../../src/policy/policy-value.ts';

const catalog = readCatalog();

const present: Lists = {
  disabledProviders: ['mistral', 'cohere'],
  disabledModels: ['gpt-4o', 'openai/gpt-5*', 'Not There'],
  allowedModels: null,
};

const changed = (change: ListChange, lists = present) => changeLists(catalog, lists, change);

describe('a change of lists', () => {
  it('leaves what is absent, and replaces a list whole', () => {
    expect(changed({})).toEqual(present);
    expect(changed({ disabledModels: ['GPT-4o-mini'] })).toEqual({ ...present, disabledModels: ['gpt-4o-mini'] });
    expect(changed({ disabledProviders: [], allowedModels: [] })).toEqual({
      ...present,
      disabledProviders: [],
      allowedModels: [],
    });
  });

  it('adds behind what is there, as the catalog spells it, and nothing twice', () => {
    const change = {
      addDisabledProviders: ['google', 'cohere'],
      addDisabledModels: ['GPT-4O', 'not there', 'Claude Opus 5.5', 'Tomorrow', 'tomorrow'],
    };

    expect(changed(change)).toEqual({
      ...present,
      disabledProviders: ['mistral', 'cohere', 'google'],
      disabledModels: [...present.disabledModels, 'anthropic/claude-opus-5-5', 'Tomorrow'],
    });
  });

  it('removes entries by any spelling, in any case, and nothing that is not there', () => {
    const change = {
      removeDisabledProviders: ['Mistral', 'nowhere'],
      removeDisabledModels: ['GPT-4o', 'OpenAI/GPT-5*', 'not THERE', 'o3'],
    };

    expect(changed(change)).toEqual({ ...present, disabledProviders: ['cohere'], disabledModels: [] });
    expect(changed({ removeDisabledModels: ['openai/gpt-4o', 'gpt-4'] })).toEqual(present);
    expect(
      changed(
        { removeDisabledModels: ['Claude Opus 5.5'] },
        { ...present, disabledModels: ['anthropic/claude-opus-5-5'] },
      ),
    ).toMatchObject({ disabledModels: [] });
  });

  it('starts an allow list that is not in use by the first entry, and ends none by the last', () => {
    expect(changed({ addAllowedModels: ['gpt-4o'] }).allowedModels).toEqual(['gpt-4o']);
    expect(changed({ addAllowedModels: [] }).allowedModels).toBe(null);
    expect(changed({ removeAllowedModels: ['gpt-4o'] }).allowedModels).toBe(null);
    expect(
      changed({ removeAllowedModels: ['gpt-4o'] }, { ...present, allowedModels: ['gpt-4o'] }).allowedModels,
    ).toEqual([]);
    expect(changed({ allowedModels: null }, { ...present, allowedModels: ['gpt-4o'] }).allowedModels).toBe(null);
  });

  it('removes what an earlier release has stored, and what the catalog has lost', () => {
    const old = { ...noLists, disabledProviders: ['gone'], disabledModels: ['a*b', '*'] };

    expect(changed({ addDisabledProviders: ['cohere'] }, old).disabledProviders).toEqual(['gone', 'cohere']);
    expect(changed({ removeDisabledProviders: ['gone'], removeDisabledModels: ['A*B', '*'] }, old)).toEqual(noLists);
  });

  it.each<[ListChange, string]>([
    [{ disabledModels: ['o3'], addDisabledModels: ['o3'] }, 'addDisabledModels'],
    [{ disabledProviders: [], removeDisabledProviders: [] }, 'removeDisabledProviders'],
    [{ allowedModels: null, addAllowedModels: ['o3'] }, 'addAllowedModels'],
    [{ addAllowedModels: ['o3'], removeAllowedModels: ['O3'] }, 'removeAllowedModels'],
    [
      { addDisabledModels: ['Claude Opus 5.5'], removeDisabledModels: ['mdl_anthropic/claude-opus-5-5'] },
      'removeDisabledModels',
    ],
  ])('refuses %j, which says two things of one list', (change, path) => {
    expect(() => changed(change)).toThrow(
      expect.objectContaining({ code: 'VALIDATION_ERROR', issues: [expect.objectContaining({ path })] }),
    );
  });

  it('refuses a provider that is none, wherever it is added', () => {
    const refusal = expect.objectContaining({ code: 'INVALID_PROVIDER_SLUG', invalidProviders: ['OpenAI'] });

    expect(() => changed({ addDisabledProviders: ['cohere', 'OpenAI'] })).toThrow(refusal);
    expect(() => changed({ disabledProviders: ['OpenAI'] })).toThrow(refusal);
  });

  it.each([
    [{ addDisabledModels: null }, 'must be a list'],
    [{ removeDisabledModels: null }, 'must be a list'],
    [{ addAllowedModels: ['*'] }, 'must have at least 2 characters before its *'],
    [{ removeAllowedModels: ['a'.repeat(201)] }, 'must not be longer than 200 characters'],
    [{ addDisabledModels: ['one', 'two', 'three'] }, 'must not have more than 2 entries'],
  ])('refuses %j', (change, message) => {
    const parse = () => parseInput(z.object(listChangeFields(2)), change);

    expect(parse).toThrow(expect.objectContaining({ issues: [expect.objectContaining({ message })] }));
  });

  it('leaves entries alone that it does not name, whatever it adds and removes', () => {
    const entries = fc.subarray(['gpt-4o', 'GPT-4o-mini', 'openai/*', 'unknown', 'Claude Opus 5.5', 'o3', 'O4*']);

    fc.assert(
      fc.property(entries, entries, (some, others) => {
        const start = changed({ disabledModels: some }, noLists);
        const added = changed({ addDisabledModels: others }, start);
        const newOnes = added.disabledModels.filter((entry) => !start.disabledModels.includes(entry));

        expect(added.disabledModels.slice(0, start.disabledModels.length)).toEqual(start.disabledModels);
        expect(changed({ removeDisabledModels: newOnes }, added)).toEqual(start);
        expect(changed({ removeDisabledModels: [...some, ...others] }, added).disabledModels).toEqual([]);
      }),
    );
  });
});
