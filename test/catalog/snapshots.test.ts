import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doubtfulAliases } from '../../src/catalog/build/aliases.ts';
import { keysOf } from '../../src/catalog/model.ts';
import { providerSlugs } from '../../src/catalog/providers.ts';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { reasonsAgainst } from '../../src/policy/policy.ts';
import { defaultPolicy, type Policy } from '../../src/policy/policy-value.ts';
import { rulesOf } from '../../src/policy/rules.ts';
import { anySubject } from '../../src/policy/subject.ts';
import { formerAliases } from './former-names.ts';

const catalog = readCatalog();
const find = (key: string) => catalog.find(key) ?? expect.fail(`the catalog has no ${key}`);

const rulesBy = (policy: Policy) => rulesOf({ ...policy, exceptions: [] }, catalog, anySubject);

describe('a snapshot and its floating name', () => {
  // By their providers' documents, on the day after the first six snapshots go, and on that after the next five.
  it.each([
    ['2026-12-12', 'gpt-5', 'gpt-5-2025-08-07'],
    ['2026-12-12', 'gpt-5-mini', 'gpt-5-mini-2025-08-07'],
    ['2026-12-12', 'gpt-5-nano', 'gpt-5-nano-2025-08-07'],
    ['2026-12-12', 'gpt-5-pro', 'gpt-5-pro-2025-10-06'],
    ['2026-12-12', 'o3', 'o3-2025-04-16'],
    ['2026-12-12', 'o3-pro', 'o3-pro-2025-06-10'],
    ['2027-01-15', 'gpt-4o', 'gpt-4o-2024-08-06'],
    ['2027-01-15', 'gpt-4o', 'gpt-4o-2024-11-20'],
    ['2027-01-15', 'gpt-4o-mini', 'gpt-4o-mini-2024-07-18'],
    ['2027-01-15', 'gpt-4.1', 'gpt-4.1-2025-04-14'],
    ['2027-01-15', 'gpt-4.1-mini', 'gpt-4.1-mini-2025-04-14'],
  ])('retire apart: on %s %s goes on, %s does not', (day, name, snapshot) => {
    const nothing = rulesBy(defaultPolicy);

    expect(reasonsAgainst(nothing, find(name), new Date(day))).toEqual([]);
    expect(reasonsAgainst(nothing, find(snapshot), new Date(day))).toEqual(['RETIRED']);
  });

  it('are models of their own, with ids of their own, in one group', () => {
    const pairs = catalog.models.filter(({ pointsTo }) => pointsTo !== null);

    expect(pairs.length).toBeGreaterThan(60);
    for (const { provider, modelId, pointsTo } of pairs) {
      const [name, snapshot] = [find(`${provider}/${modelId}`), find(`${provider}/${pointsTo}`)];
      expect([name.modelId, snapshot.modelId]).toEqual([modelId, pointsTo]);
      expect(catalog.groups.find(({ models }) => models.includes(name))?.models).toContain(snapshot);
    }
  });

  it('share what is known of either but the dates of their end', () => {
    for (const { provider, pointsTo, ...name } of catalog.models) {
      if (pointsTo === null) continue;
      const { contextWindow, maxOutputTokens, inputCostPer1kTokens, outputCostPer1kTokens, reasoning } = name;
      const figures = { contextWindow, maxOutputTokens, inputCostPer1kTokens, outputCostPer1kTokens, reasoning };
      expect(find(`${provider}/${pointsTo}`)).toMatchObject(figures);
    }
  });

  it('have names for people that tell them apart', () => {
    const names = catalog.models.map(({ provider, displayName }) => `${provider}/${displayName.toLowerCase()}`);

    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe('an alias', () => {
  it('is no floating name and no snapshot of its model, unless a document calls them one thing', () => {
    expect(doubtfulAliases(catalog.models)).toEqual([]);
  });

  it.each([
    ['gpt-5', 'gpt-5-2025-08-07'],
    ['gpt-4', 'gpt-4-0613'],
    ['claude-opus-4-5-20251101', 'claude-opus-4-5'],
    ['command-r-08-2024', 'command-r'],
    ['gemini-2.0-flash', 'gemini-2.0-flash-001'],
    ['mistral-medium-3-5', 'mistral-medium-3'],
    ['mistral-medium-3-5', 'mistral-medium-latest'],
    ['mistral-medium-3-5', 'mistral-medium-2603'],
  ])('that is one is noticed: %s as %s', (modelId, alias) => {
    const [model] = catalog.models;
    if (!model) return expect.fail('the catalog is empty');

    expect(doubtfulAliases([{ ...model, provider: 'openai', modelId, aliases: [alias] }])).toHaveLength(1);
  });

  it('that a document calls the same thing has its source and its day', () => {
    expect(find('command-r').modelId).toBe('command-r-03-2024');
    expect(find('claude-3-haiku').modelId).toBe('claude-3-haiku-20240307');
    expect(find('gpt-5.6').modelId).toBe('gpt-5.6-sol');
  });
});

describe('settings that were written while snapshots were aliases', () => {
  const formerModels = Object.entries(formerAliases).map(([name, aliases]) => {
    const slash = name.indexOf('/');
    return { provider: name.slice(0, slash), modelId: name.slice(slash + 1), aliases };
  });
  const formerKeys = formerModels.map((model) => keysOf(model as Parameters<typeof keysOf>[0]));

  it('find every model that they named, and the ids too', () => {
    for (const { provider, modelId, aliases } of formerModels) {
      expect(catalog.byId(`mdl_${provider}/${modelId}`)?.modelId).toBe(modelId);
      for (const key of [modelId, ...aliases]) find(`${provider}/${key}`);
    }
  });

  it('allow no name that they did not allow, but for what has not retired', () => {
    const settings = fc.record({
      disabledProviders: fc.subarray([...providerSlugs], { maxLength: 2 }),
      disabledModels: fc.array(fc.constantFrom(...formerKeys.flat()), { maxLength: 12 }),
    });

    fc.assert(
      fc.property(settings, fc.nat(formerKeys.length - 1), (given, index) => {
        const { provider } = formerModels[index] ?? expect.fail();
        const keys = formerKeys[index] ?? expect.fail();
        const wasRefused =
          given.disabledProviders.some((one) => one === provider) ||
          keys.some((key) => given.disabledModels.includes(key));
        if (!wasRefused) return;

        const rules = rulesBy({ ...defaultPolicy, ...given });
        for (const key of keys.filter((one) => one.startsWith(`${provider}/`))) {
          const reasons = reasonsAgainst(rules, find(key), new Date('2026-11-22'));
          expect(reasons.filter((reason) => reason !== 'RETIRED')).not.toEqual([]);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('and name every model of the former list one by one, are as strict', () => {
    for (const [index, { provider }] of formerModels.entries()) {
      const keys = formerKeys[index] ?? [];
      for (const entry of keys) {
        const rules = rulesBy({ ...defaultPolicy, disabledModels: [entry] });
        const allowed = keys
          .filter((key) => key.startsWith(`${provider}/`))
          .filter((key) => !reasonsAgainst(rules, find(key), new Date('2026-11-22')).includes('MODEL_DISABLED'));
        expect({ entry, allowed }).toEqual({ entry, allowed: [] });
      }
    }
  });
});
