import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { providerSlugs } from '../../src/catalog/providers.ts';
import { createCatalog, readCatalog } from '../../src/catalog/read-catalog.ts';
import { findListed, type Ids, listModels } from '../../src/decision-points/model-lists/listed-models.ts';
import { defaultPolicy, type Policy } from '../../src/policy/policy-value.ts';
import { anEntry } from '../catalog/entries.ts';
import { aSnapshot, decisionsBy } from '../kit/decisions.ts';

const now = new Date('2026-11-28T12:00:00Z');

/** Two providers with a model of one name, a third of that name in another spelling, and others. */
const catalog = createCatalog(
  [
    { provider: 'cohere', modelId: 'nova-1' },
    { provider: 'openai', modelId: 'nova-1' },
    { provider: 'mistral', modelId: 'NOVA-2' },
    { provider: 'google', modelId: 'nova-2' },
    { provider: 'google', modelId: 'nova-3', aliases: ['nova-3-latest'] },
    { provider: 'openai', modelId: 'old', retiresAt: '2026-11-27' },
  ].map((entry, displayOrder) =>
    anEntry({ displayName: `${entry.provider} ${entry.modelId}`, displayOrder, ...entry }),
  ),
);

function decisionsOf(policy: Partial<Policy> = {}) {
  return decisionsBy(aSnapshot({ ...defaultPolicy, ...policy }), { catalog, now });
}

const idsOf = (policy: Partial<Policy>, ids: Ids = 'shortest') =>
  listModels(decisionsOf(policy), ids).map(({ id }) => id);

describe('listModels', () => {
  it('names a model by its bare key where no other model of the caller has it', () => {
    expect(idsOf({})).toEqual(['cohere/nova-1', 'google/nova-2', 'nova-3', 'mistral/NOVA-2', 'openai/nova-1']);
  });

  it('takes a bare key that another provider has too, once that one is not allowed', () => {
    expect(idsOf({ disabledProviders: ['openai'] })).toContain('nova-1');
  });

  it('takes no bare key that means a model which is not allowed', () => {
    expect(idsOf({ disabledProviders: ['cohere'] })).toContain('openai/nova-1');
  });

  it('names all by provider and key where that is asked for', () => {
    expect(idsOf({ disabledProviders: ['mistral'] }, 'qualified')).toEqual([
      'cohere/nova-1',
      'google/nova-2',
      'google/nova-3',
      'openai/nova-1',
    ]);
  });

  it('lists an alias as the first of its models that is allowed, and leaves out one without any', () => {
    const aliases = { fast: ['openai/nova-1', 'nova-3'], none: ['openai/nova-1'] };

    const [first, ...others] = listModels(decisionsOf({ aliases, disabledProviders: ['openai'] }), 'qualified');

    expect(first).toMatchObject({ id: 'fast', isAlias: true, model: { id: 'mdl_google/nova-3' } });
    expect(others.map(({ id }) => id)).not.toContain('none');
  });

  it('names a model by provider and key where an alias has its name', () => {
    const ids = idsOf({ aliases: { 'nova-3': ['openai/nova-1'] } });

    expect(ids.filter((id) => id === 'nova-3')).toHaveLength(1);
    expect(ids).toContain('google/nova-3');
  });

  it('lists what is allowed, each model once, by names that mean it', () => {
    const name = fc.constantFrom('nova-1', 'openai/nova-1', 'nova-2', 'google/nova-3', 'nova-3-latest', 'gone', 'old');
    const policies = fc.record({
      disabledProviders: fc.subarray([...providerSlugs], { maxLength: 2 }),
      disabledModels: fc.array(name, { maxLength: 2 }),
      allowedModels: fc.option(fc.array(name, { maxLength: 4 })),
      aliases: fc.dictionary(
        fc.constantFrom('fast', 'nova-1', 'nova-3', 'strong'),
        fc.array(name, { minLength: 1, maxLength: 3 }),
      ),
    });
    fc.assert(
      fc.property(policies, fc.constantFrom<Ids>('shortest', 'qualified'), (policy, ids) => {
        const decisions = decisionsOf(policy);
        const listed = listModels(decisions, ids);

        for (const { id, model } of listed)
          expect(decisions.decideName(id)).toMatchObject({ allowed: true, model: { id: model.id } });
        expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length);
        const models = listed.filter(({ isAlias }) => !isAlias).map(({ model }) => model.id);
        expect(models).toEqual(catalog.models.filter((one) => decisions.evaluate(one).allowed).map(({ id }) => id));
        for (const one of listed) expect(findListed(decisions, ids, one.id)).toEqual(one);
      }),
    );
  });
});

describe('findListed', () => {
  it('finds a model by any of its names, under the name by which it is listed', () => {
    for (const name of ['NOVA-3', 'nova-3-latest', 'google/nova-3', 'mdl_google/nova-3', 'google nova-3'])
      expect(findListed(decisionsOf(), 'shortest', name)?.id).toBe('nova-3');
    expect(findListed(decisionsOf({ aliases: { fast: ['nova-3'] } }), 'shortest', 'FAST')?.id).toBe('fast');
  });

  it('finds nothing that is not allowed, retired or unknown', () => {
    expect(findListed(decisionsOf({ disabledModels: ['nova-3'] }), 'shortest', 'nova-3')).toBeUndefined();
    expect(findListed(decisionsOf(), 'shortest', 'old')).toBeUndefined();
    expect(findListed(decisionsOf(), 'shortest', '__proto__')).toBeUndefined();
  });
});

describe('the catalog of the service', () => {
  it('has a clear key for each of its models', () => {
    const decisions = decisionsBy(aSnapshot(), { catalog: readCatalog(), now });

    expect(listModels(decisions, 'shortest').filter(({ id }) => id.includes('/'))).toEqual([]);
  });
});
