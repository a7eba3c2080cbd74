import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { providerSlugs } from '../../src/catalog/providers.ts';
import { createCatalog } from '../../src/catalog/read-catalog.ts';
import { isEmpty, positionsOf } from '../../src/policy/model-set.ts';
import { defaultPolicy, type Policy } from '../../src/policy/policy-value.ts';
import { modelsNamed, reviewed } from '../../src/policy/review.ts';
import { pendingModels } from '../../src/policy/rules.ts';
import { anySubject } from '../../src/policy/subject.ts';
import { anEntry } from '../catalog/entries.ts';
import { aSnapshot, decisionsBy } from '../kit/decisions.ts';

const now = new Date('2026-11-22T12:00:00Z');
const days = ['2026-11-01', '2026-11-10', '2026-11-20'];
const entries = Array.from({ length: 12 }, (_, place) =>
  anEntry({
    provider: providerSlugs[place % 3],
    modelId: `nova-${Math.floor(place / 2)}-${place % 2}`,
    aliases: [`alias-${place}`],
    displayName: `Nova ${place}`,
    displayOrder: place,
    addedAt: days[place % 3],
  }),
);
const catalog = createCatalog(entries);
/** The catalog some time later. */
const grown = createCatalog([
  ...entries,
  anEntry({ modelId: 'nova-9', displayName: 'Nova 9', displayOrder: 90, addedAt: '2026-11-21' }),
]);

const model = fc.constantFrom(...catalog.models);
const names = fc.oneof(
  model.map(({ modelId }) => modelId),
  model.map(({ provider, modelId }) => `${provider}/${modelId}`),
  model.map(({ displayName }) => displayName),
  model.map(({ id }) => id),
  model.map(({ aliases: [alias = ''] }) => alias.toUpperCase()),
);
const selectors = fc.array(fc.oneof(names, fc.constantFrom('nova-1*', 'openai/*', 'gone', 'openai/nova-9')), {
  maxLength: 4,
});
const policies: fc.Arbitrary<Policy> = fc
  .record({
    disabledModels: selectors,
    allowedModels: fc.option(selectors, { freq: 2 }),
    reviewedAt: fc.constantFrom('2026-10-01', ...days, '2026-12-01').map((day) => `${day}T00:00:00.000Z`),
    approvedModels: fc.array(
      fc.oneof(
        model.map(({ provider, modelId }) => `${provider}/${modelId}`),
        fc.constantFrom('gone', 'openai/nova-9'),
      ),
      { maxLength: 12 },
    ),
  })
  .map((rest) => ({ ...defaultPolicy, newModels: 'REVIEW', ...rest }));
const reviews = fc.record({ allow: fc.subarray([...catalog.models]), disable: fc.array(names, { maxLength: 3 }) });

const pendingIds = (policy: Policy, by = catalog) =>
  positionsOf(pendingModels(policy, by) ?? new Uint32Array()).map((position) => by.models[position]?.id);

/** Every decision by a policy. */
const decided = (policy: Policy, by: Catalog) => {
  const decisions = decisionsBy(aSnapshot(policy), { catalog: by, now, subject: anySubject });
  return by.models.map((one) => [one.id, decisions.evaluate(one).reasons]);
};

describe('a review', () => {
  it('decides as its entries do, whether or not it moves the time of the last one', () => {
    let moved = 0;
    fc.assert(
      fc.property(policies, reviews, (policy, review) => {
        const after = reviewed(policy, review, catalog);
        const waited = pendingIds(policy);
        const allowed = review.allow.filter(({ id }) => waited.includes(id));
        const listed: Policy = {
          ...policy,
          approvedModels: [
            ...policy.approvedModels,
            ...allowed.map(({ provider, modelId }) => `${provider}/${modelId}`),
          ],
          disabledModels: [...policy.disabledModels, ...review.disable],
        };

        for (const by of [catalog, grown]) expect(decided(after, by)).toEqual(decided(listed, by));
        if (after.reviewedAt !== policy.reviewedAt) moved += 1;
      }),
      { numRuns: 1_000 },
    );
    expect(moved).toBeGreaterThan(50);
  });

  it('leaves no model to wait where all that wait were named, and never more than there were', () => {
    fc.assert(
      fc.property(policies, fc.nat(12), (policy, count) => {
        const waiting = [...catalog.models].filter(({ id }) => pendingIds(policy).includes(id));
        const keys = waiting.map(({ provider, modelId }) => `${provider}/${modelId}`);

        const after = reviewed(policy, { allow: waiting.slice(0, count), disable: keys.slice(count) }, catalog);

        expect(pendingIds(after)).toEqual([]);
        if (waiting.length === 0) expect(after).toBe(policy);
        else expect(after.approvedModels.flatMap((name) => modelsNamed(catalog, name))).toEqual([]);
        expect(isEmpty(pendingModels(after, catalog) ?? new Uint32Array())).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(policies, reviews, (policy, review) => {
        const once = reviewed(policy, review, catalog);

        expect(reviewed(once, review, catalog)).toBe(once);
      }),
      { numRuns: 1_000 },
    );
  });
});
