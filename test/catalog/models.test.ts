import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asOf } from '../../src/catalog/as-of.ts';
import { addedTooEarly } from '../../src/catalog/build/added.ts';
import { buildCatalog, pricedNames } from '../../src/catalog/build/build.ts';
import { perThousand, priceDisagreements } from '../../src/catalog/build/prices.ts';
import { differences, textOf } from '../../src/catalog/build/text.ts';
import { type CatalogVersion, nextVersion, numbers } from '../../src/catalog/build/version.ts';
import type { CatalogModel } from '../../src/catalog/entry.ts';
import { lifecycleOf } from '../../src/catalog/lifecycle.ts';
import { idOf } from '../../src/catalog/model.ts';
import { overlays } from '../../src/catalog/overlay/overlays.ts';
import { providerSlugs } from '../../src/catalog/providers.ts';
import { readCatalog } from '../../src/catalog/read-catalog.ts';

const catalog = readCatalog();

describe('the shipped catalog', () => {
  it('holds 100 models or more, some of every provider', () => {
    expect(catalog.models.length).toBeGreaterThanOrEqual(100);
    expect([...new Set(catalog.models.map(({ provider }) => provider))]).toEqual(providerSlugs);
    expect(catalog.find('aitronos/ftg-3.0')).toBeDefined();
  });

  it.each([
    ['gpt-4', 'gpt-4'],
    ['gpt-4-turbo', 'gpt-4-turbo'],
    ['gpt-4o', 'gpt-4o'],
    ['gpt-4o-mini', 'gpt-4o-mini'],
    ['gpt-4.1', 'gpt-4.1'],
    ['claude-3-haiku', 'claude-3-haiku-20240307'],
    ['claude-3-5-sonnet', 'claude-3-5-sonnet-20241022'],
    ['claude-sonnet-4-6', 'claude-sonnet-4-6'],
  ])('knows %s, as %s', (key, modelId) => {
    expect(catalog.find(key)?.modelId).toBe(modelId);
  });

  it.each([
    ['gpt-4o', '0.0025', '0.01'],
    ['gpt-4o-mini', '0.00015', '0.0006'],
    ['claude-sonnet-4-6', '0.003', '0.015'],
    ['claude-3-haiku', '0.00025', '0.00125'],
    ['gemini-2.5-flash-lite', '0.0001', '0.0004'],
    ['command-r7b-12-2024', '0.0000375', '0.00015'],
    ['text-embedding-3-small', '0.00002', null],
  ])('prices %s at %s in and %s out for 1,000 tokens', (key, input, output) => {
    expect(catalog.find(key)).toMatchObject({ inputCostPer1kTokens: input, outputCostPer1kTokens: output });
  });

  it('has no figure of zero', () => {
    for (const { contextWindow, maxOutputTokens, inputCostPer1kTokens, outputCostPer1kTokens } of catalog.models) {
      const figures = [contextWindow, maxOutputTokens, inputCostPer1kTokens, outputCostPer1kTokens];
      expect(figures.filter((figure) => figure !== null && Number(figure) <= 0)).toEqual([]);
    }
  });

  it('says of an embedding neither an output nor a format nor a stream', () => {
    const embeddings = catalog.models.filter(({ kind }) => kind === 'EMBEDDING');

    expect(embeddings.length).toBeGreaterThan(10);
    for (const embedding of embeddings) {
      expect(embedding).toMatchObject({
        maxOutputTokens: null,
        outputCostPer1kTokens: null,
        supportedResponseFormats: [],
        supportsStreaming: false,
      });
    }
  });

  it('offers today what its providers offer, and no longer what they retired', () => {
    const lifecycleAt = (key: string) => lifecycleOf(catalog.find(key) ?? expect.fail(key), new Date('2026-11-22'));

    expect(lifecycleAt('claude-sonnet-4-6')).toBe('ACTIVE');
    expect(lifecycleAt('gpt-4o-mini-2024-07-18')).toBe('DEPRECATED');
    expect(lifecycleAt('gemini-3.1-pro-preview')).toBe('PREVIEW');
    expect(lifecycleAt('gpt-4-turbo')).toBe('RETIRED');
    expect(lifecycleAt('claude-3-haiku')).toBe('RETIRED');
  });

  it('lists what is retired after what is not, provider by provider', () => {
    for (const provider of providerSlugs) {
      const retired = catalog.models
        .filter((model) => model.provider === provider)
        .map((model) => lifecycleOf(model, new Date('2026-11-22')) === 'RETIRED');
      expect(retired).toEqual(retired.toSorted((a, b) => Number(a) - Number(b)));
    }
  });

  it('groups the snapshots of gpt-4o, and names the maker of a model that another provider hosts', () => {
    const group = catalog.groups.find(({ baseModel }) => baseModel === 'gpt-4o');

    expect(group?.models.map(({ modelId }) => modelId)).toEqual([
      'gpt-4o',
      'gpt-4o-2024-08-06',
      'gpt-4o-2024-11-20',
      'gpt-4o-2024-05-13',
    ]);
    expect(catalog.find('zai-glm-5-3')).toMatchObject({ provider: 'mistral', creator: 'zai' });
  });
});

describe('the build of the catalog', () => {
  const committed = readFileSync(new URL('../../src/catalog/models.json', import.meta.url), 'utf8');
  const present: CatalogModel[] = JSON.parse(committed);
  const built = buildCatalog(present);

  it('gives what is committed, to the byte', () => {
    expect(differences(present, built)).toEqual([]);
    expect(textOf(built)).toBe(committed);
  });

  it('keeps the day on which a model was added, and adds one that was not there as of the day of the data', () => {
    const [first, second, ...others] = present.map((model) => ({ ...model, addedAt: '2020-02-29' }));
    if (!first || !second) return expect.fail('no models');

    const days = new Map(buildCatalog([first, ...others]).map((model) => [idOf(model), model.addedAt]));

    expect(days.get(idOf(first))).toBe('2020-02-29');
    expect(days.get(idOf(second))).toBe(asOf);
    expect([...days.values()].filter((day) => day === asOf)).toEqual([asOf]);
  });

  it('wants a later day for new models, which nobody can have reviewed with those that are there', () => {
    const [first, ...others] = present;
    if (!first) return expect.fail('no models');
    const earlier = others.map((model) => ({ ...model, addedAt: '2020-02-29' }));

    expect(addedTooEarly(present, built)).toEqual([]);
    expect(addedTooEarly(earlier, built)).toEqual([]);
    expect(addedTooEarly([...earlier, { ...first, modelId: 'gone', addedAt: asOf }], built)).toEqual([idOf(first)]);
  });

  it('numbers what is committed, and counts on where it changes', () => {
    const version: CatalogVersion = JSON.parse(
      readFileSync(new URL('../../src/catalog/version.json', import.meta.url), 'utf8'),
    );
    const changed = textOf(built.slice(1));

    expect(numbers(version, committed)).toBe(true);
    expect(nextVersion(version, committed)).toEqual(version);
    expect(readCatalog().version).toBe(version.version);

    expect(numbers(version, changed)).toBe(false);
    const next = nextVersion(version, changed);
    expect(next.version).toBe(version.version + 1);
    // What was there before is another version again: numbers only grow.
    expect(nextVersion(next, committed).version).toBe(version.version + 2);
  });

  it('has the prices that the source charges', () => {
    expect(priceDisagreements(built, pricedNames)).toEqual([]);
    const priced = built.filter((model) => pricedNames(model).length > 0 && model.inputCostPer1kTokens);
    expect(priced.length).toBeGreaterThan(100);
  });

  it('notices a price that the source does not charge', () => {
    const wrong = built.map((model) =>
      model.modelId === 'gpt-4o' ? { ...model, inputCostPer1kTokens: '0.0026' } : model,
    );

    expect(priceDisagreements(wrong, pricedNames)).toEqual([
      'openai/gpt-4o: input is listed at 0.0026, the source charges 0.0025',
    ]);
    expect(differences(built, wrong)).toEqual(['~ openai/gpt-4o inputCostPer1kTokens: "0.0025" -> "0.0026"']);
  });

  it('says which models came and went', () => {
    expect(differences(built, built.slice(1))).toEqual(['- aitronos/ftg-3.0']);
    expect(differences(built.slice(1), built)).toEqual(['+ aitronos/ftg-3.0']);
  });

  it('has a document and a day for every figure of the overlay', () => {
    for (const { source, verifiedOn, models, facts } of overlays.flatMap(({ evidence }) => evidence)) {
      expect(source).toMatch(/^(https:\/\/|@?[a-z])/);
      expect(verifiedOn).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(models.length).toBeGreaterThan(0);
      expect(Object.keys(facts).length).toBeGreaterThan(0);
    }
  });

  it.each([
    ['15', '0.015'],
    ['0.15', '0.00015'],
    ['0.0375', '0.0000375'],
    ['2500', '2.5'],
    ['1000', '1'],
    ['10000', '10'],
    ['1234.5', '1.2345'],
    ['0', null],
    [null, null],
  ])('moves the point of %s dollars for a million to %s for a thousand', (perMillion, expected) => {
    expect(perThousand(perMillion)).toBe(expected);
  });
});
