import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCatalog, readCatalog } from '../../src/catalog/read-catalog.ts';
import { toAnthropicPage, toModelInfo } from '../../src/decision-points/model-lists/anthropic-list.ts';
import { listModels } from '../../src/decision-points/model-lists/listed-models.ts';
import { toApiJson } from '../../src/decision-points/model-lists/models-dev.ts';
import { toOpenAiModel } from '../../src/decision-points/model-lists/openai-list.ts';
import { movePoint } from '../../src/decision-points/model-lists/price.ts';
import { anEntry } from '../catalog/entries.ts';
import { aSnapshot, decisionsBy } from '../kit/decisions.ts';

const now = new Date('2026-11-28T12:00:00Z');
const all = listModels(decisionsBy(aSnapshot(), { catalog: readCatalog(), now }), 'shortest');

function listed(entry: object, aliases: Record<string, string[]> = {}) {
  const catalog = createCatalog([anEntry(entry)]);
  const [first] = listModels(decisionsBy(aSnapshot({ aliases }), { catalog, now }), 'shortest');
  if (!first) throw new Error('nothing is listed');
  return first;
}

describe('movePoint', () => {
  it('multiplies and divides by 1,000 without a change of digits', () => {
    const price = fc
      .tuple(fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.nat(12))
      .map(([digits, places]) => decimal(digits, places));
    fc.assert(
      fc.property(price, ({ text, digits, places }) => {
        expect(movePoint(text, -3)).toBe(decimal(digits, places + 3).text);
        expect(movePoint(text, 3)).toBe(decimal(digits * 1_000n, places).text);
      }),
    );
  });

  it.each([
    ['0.00015', '0.00000015', '0.15'],
    ['0.0025', '0.0000025', '2.5'],
    ['12', '0.012', '12000'],
    ['0.6', '0.0006', '600'],
  ])('makes of %s per 1,000 tokens %s per token and %s per million', (price, perToken, perMillion) => {
    expect([movePoint(price, -3), movePoint(price, 3)]).toEqual([perToken, perMillion]);
  });

  it('leaves an unknown price unknown', () => {
    expect(movePoint(null, 3)).toBeNull();
  });
});

/** The shortest decimal of `digits / 10 ** places`. */
function decimal(digits: bigint, places: number) {
  const padded = digits.toString().padStart(places + 1, '0');
  const fraction = padded.slice(padded.length - places, padded.length).replace(/0+$/, '');
  const whole = places === 0 ? padded : padded.slice(0, -places);
  return { digits, places, text: places === 0 || fraction === '' ? whole : `${whole}.${fraction}` };
}

describe('a model as OpenAI lists it', () => {
  it('has prices per token, and the time of its release in seconds', () => {
    const entry = { inputCostPer1kTokens: '0.00015', outputCostPer1kTokens: '0.0006', releasedAt: '2024-07-18' };

    expect(toOpenAiModel(listed(entry))).toEqual({
      id: 'nova-1',
      object: 'model',
      created: 1_721_260_800,
      owned_by: 'openai',
      name: 'Nova 1',
      context_length: 128_000,
      max_completion_tokens: 16_000,
      pricing: { prompt: '0.00000015', completion: '0.0000006' },
    });
  });

  it('has null for what is unknown, and the day of its entry for an unknown release', () => {
    const entry = {
      contextWindow: null,
      maxOutputTokens: null,
      inputCostPer1kTokens: null,
      outputCostPer1kTokens: null,
    };

    expect(toOpenAiModel(listed(entry))).toMatchObject({
      created: Date.parse('2026-01-01') / 1_000,
      context_length: null,
      max_completion_tokens: null,
      pricing: { prompt: null, completion: null },
    });
  });

  it('says which model an alias stands for', () => {
    expect(toOpenAiModel(listed({}, { fast: ['nova-1'] }))).toMatchObject({
      id: 'fast',
      name: 'fast',
      resolves_to: 'openai/nova-1',
      context_length: 128_000,
    });
  });
});

describe('a model as Anthropic lists it', () => {
  it('has moments, and the epoch for an unknown release', () => {
    expect(toModelInfo(listed({}), now)).toEqual({
      type: 'model',
      id: 'nova-1',
      display_name: 'Nova 1',
      created_at: '1970-01-01T00:00:00Z',
      max_input_tokens: 128_000,
      max_tokens: 16_000,
      lifecycle: 'active',
      deprecated_at: null,
      retires_at: null,
      capabilities: null,
      line: null,
    });
  });

  it('tells its deprecation from that day on', () => {
    const entry = { releasedAt: '2025-01-02', deprecatedAt: '2026-11-29', retiresAt: '2027-01-01' };

    expect(toModelInfo(listed(entry), now)).toMatchObject({
      lifecycle: 'active',
      deprecated_at: null,
      retires_at: null,
    });
    expect(toModelInfo(listed(entry), new Date('2026-11-29T00:00:00Z'))).toMatchObject({
      created_at: '2025-01-02T00:00:00Z',
      lifecycle: 'deprecated',
      deprecated_at: '2026-11-29T00:00:00Z',
      retires_at: '2027-01-01T00:00:00Z',
    });
  });
});

describe('pages of Anthropic', () => {
  const page = (query: Record<string, string>) => toAnthropicPage(all, new URLSearchParams(query), now);
  const ids = (query: Record<string, string>) => page(query).data.map(({ id }) => id);

  it('lead from the newest to the oldest, each model once, and back', () => {
    const whole = ids({ limit: '1000' });
    expect(whole).toHaveLength(all.length);
    const dates = page({ limit: '1000' }).data.map(({ created_at: at }) => at);
    expect(dates).toEqual(dates.toSorted().reverse());

    const forward: string[] = [];
    for (let after: string | null = null; ; ) {
      const next = page({ limit: '50', ...(after === null ? {} : { after_id: after }) });
      forward.push(...next.data.map(({ id }) => id));
      expect(next.first_id).toBe(next.data[0]?.id);
      after = next.last_id;
      if (!next.has_more) break;
    }
    expect(forward).toEqual(whole);

    const backward: string[] = [];
    for (let before = whole.at(-1) ?? ''; ; ) {
      const next = page({ limit: '50', before_id: before });
      backward.unshift(...next.data.map(({ id }) => id));
      before = next.first_id ?? '';
      if (!next.has_more) break;
    }
    expect(backward).toEqual(whole.slice(0, -1));
  });

  it('have 20 models where no limit is given, and none of an empty list', () => {
    expect(page({}).data).toHaveLength(20);
    expect(toAnthropicPage([], new URLSearchParams(), now)).toEqual({
      data: [],
      has_more: false,
      first_id: null,
      last_id: null,
    });
  });

  it('filter by the stage of the lifecycle', () => {
    const deprecated = page({ lifecycle: 'deprecated', limit: '1000' }).data;

    expect(deprecated.length).toBeGreaterThan(0);
    expect(new Set(deprecated.map(({ lifecycle }) => lifecycle))).toEqual(new Set(['deprecated']));
    expect(ids({ lifecycle: 'retired' })).toEqual([]);
  });

  it.each([
    { limit: '0' },
    { limit: '1001' },
    { limit: '1e2' },
    { limit: '-1' },
    { after_id: 'gone' },
    { before_id: '' },
    { lifecycle: 'new' },
    { after_id: 'gpt-4o', before_id: 'gpt-4o' },
  ])('refuse %j', (query) => {
    expect(() => page(query)).toThrow(expect.objectContaining({ code: 'VALIDATION_ERROR' }));
  });
});

describe('the file of models.dev', () => {
  const file = toApiJson(readCatalog().models, now);

  it('has each model at its provider, by its key', () => {
    const entries = Object.values(file).flatMap(({ id, models }) =>
      Object.keys(models).map((key) => `mdl_${id}/${key}`),
    );

    expect(entries.toSorted()).toEqual(
      readCatalog()
        .models.map(({ id }) => id)
        .toSorted(),
    );
    expect(file.openai).toMatchObject({ id: 'openai', name: 'OpenAI', env: ['OPENAI_API_KEY'], npm: '@ai-sdk/openai' });
  });

  it('has all fields that its readers require, of the type that they require', () => {
    for (const { models } of Object.values(file))
      for (const model of Object.values(models)) {
        expect(model).toMatchObject({
          attachment: expect.any(Boolean),
          reasoning: expect.any(Boolean),
          temperature: expect.any(Boolean),
          tool_call: expect.any(Boolean),
          open_weights: expect.any(Boolean),
          release_date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
          last_updated: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
          modalities: { input: ['text'], output: ['text'] },
          limit: { context: expect.any(Number), output: expect.any(Number) },
        });
      }
  });

  it('has costs per million tokens, or none', () => {
    const { model } = listed({ inputCostPer1kTokens: '0.00015', outputCostPer1kTokens: '0.0006' });
    const { model: free } = listed({ outputCostPer1kTokens: null });

    expect(toApiJson([model], now).openai?.models['nova-1']).toHaveProperty('cost', { input: 0.15, output: 0.6 });
    expect(toApiJson([free], now).openai?.models['nova-1']).not.toHaveProperty('cost');
  });
});
