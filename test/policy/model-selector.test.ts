import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../src/catalog/model.ts';
import { createCatalog, readCatalog } from '../../src/catalog/read-catalog.ts';
import { filterModels } from '../../src/domain/models/model-list.ts';
import {
  findDeadSelectors,
  modelName,
  modelSelector,
  spellSelectors,
  warnOfSelectors,
} from '../../src/policy/model-selector.ts';
import { anEntry } from '../catalog/entries.ts';
import { aSnapshot, decisionsBy } from '../kit/decisions.ts';

const catalog = readCatalog();
const now = new Date('2026-11-22T12:00:00Z');

const blanks = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\u00a0', '\u3000'), maxLength: 3 });

/** A name as somebody may write it, and a key of the models that it means. */
const spellings = fc
  .record({
    model: fc.constantFrom(...catalog.models),
    form: fc.nat({ max: 20 }),
    before: blanks,
    after: blanks,
    flips: fc.infiniteStream(fc.boolean()),
  })
  .map(({ model, form, before, after, flips }) => {
    const { id, provider, modelId, displayName, names } = model;
    const exact = `${provider}/${modelId}`;
    // A display name that is also a key is the key.
    const named = names.find((name) => name === displayName.toLowerCase()) ?? exact;
    const forms = [...names.map((name) => [name, name]), [displayName, named], [id, exact]];
    const [name = '', key = ''] = forms[form % forms.length] ?? [];
    const written = [...name].map((letter) => (flips.next().value ? letter.toUpperCase() : letter)).join('');
    return { model, key, written: `${before}${written}${after}` };
  });

const decisionsOn = (disabledModels: string[]) => decisionsBy(aSnapshot({ disabledModels }), { catalog, now });

const blockedBy = (disabledModels: string[]) =>
  catalog.models.filter((model) => decisionsOn(disabledModels).evaluate(model).reasons.includes('MODEL_DISABLED'));

/** The models that fall with the key, by their own lists. */
const meantBy = (key: string) => catalog.models.filter(({ disabledBy }) => disabledBy.includes(key));

describe('an entry of a list of models', () => {
  it('blocks the model that a person takes it for, and what falls with that, however it is spelled', () => {
    fc.assert(
      fc.property(spellings, ({ model, key, written }) => {
        const kept = spellSelectors(catalog, [modelName.parse(written)]);

        expect(kept).toEqual([key]);
        expect(blockedBy(kept)).toContain(model);
        expect(blockedBy(kept)).toEqual(meantBy(key));
        expect(findDeadSelectors(catalog, kept)).toEqual([]);
      }),
    );
  });

  it('blocks the same where it was kept as it was written', () => {
    fc.assert(
      fc.property(spellings, ({ key, written }) => {
        expect(blockedBy([written])).toEqual(meantBy(key));
      }),
    );
  });

  it('leaves the same models listed as allowed', () => {
    fc.assert(
      fc.property(fc.array(spellings, { maxLength: 5 }), (entries) => {
        const decisions = decisionsOn(entries.map(({ written }) => written));
        const listed = filterModels(decisions, { allowed: true });
        const isAllowed = (model: Model) => decisions.evaluate(model).allowed;

        expect(listed).toEqual(catalog.models.filter(isAllowed));
      }),
    );
  });

  it('is found by the spelling that it blocks', () => {
    fc.assert(
      fc.property(spellings, ({ key, written }) => {
        expect(catalog.find(written)).toBe(catalog.find(key));
      }),
    );
  });

  it('stands once, however often and in whatever spelling it was given', () => {
    const given = ['GPT-4o', 'gpt-4o ', 'mdl_openai/gpt-4o', 'GPT-4o mini', 'openai/gpt-4o-mini', 'Later-1', 'Later-1'];

    expect(
      spellSelectors(
        catalog,
        given.map((name) => modelName.parse(name)),
      ),
    ).toEqual(['gpt-4o', 'openai/gpt-4o', 'openai/gpt-4o-mini', 'Later-1']);
  });

  it('can be given again as it is stored, whatever folding makes of its characters', () => {
    const letters = [
      'a',
      'g',
      'pt',
      '-',
      '/',
      '*',
      'mdl_',
      'e\u0301',
      '\ufdfa',
      '\uff0a',
      '\uff0f',
      '\u00b4',
      ' ',
      '\u0130',
    ];
    const written = fc.array(fc.constantFrom(...letters), { maxLength: 40 }).map((parts) => `${parts.join('')}*`);
    fc.assert(
      fc.property(written, (text) => {
        const { data } = modelSelector.safeParse(text);
        const stored = data === undefined ? [] : spellSelectors(catalog, [data]);

        expect(stored.map((one) => modelSelector.parse(one))).toEqual(stored);
        expect(spellSelectors(catalog, stored)).toEqual(stored);
      }),
      { examples: [['mdl_*'], ['mdl_mdl_*'], ['e\u0301*'], [`${'\ufdfa'.repeat(20)}*`], ['gp\uff0a*']] },
    );
  });

  it('is warned of where it names nothing in the present catalog, whatever was said of another one', () => {
    const selectors = ['gpt-4o'];
    const another = createCatalog([anEntry({ modelId: 'nova-1' })]);

    const warned = [another, catalog, another].map((one) => warnOfSelectors(one, selectors).length);

    expect(warned).toEqual([1, 0, 1]);
  });
});
