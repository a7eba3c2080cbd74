import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/catalog/catalog.ts';
import type { Model } from '../../src/catalog/model.ts';
import { providerSlugs } from '../../src/catalog/providers.ts';
import { createCatalog } from '../../src/catalog/read-catalog.ts';
import { filterModels } from '../../src/domain/models/model-list.ts';
import { decide as decideBy, type ModelAccess, type Snapshot } from '../../src/policy/policy.ts';
import { anySubject } from '../../src/policy/subject.ts';
import { anEntry } from '../catalog/entries.ts';
import { aSnapshot, decisionsBy } from '../kit/decisions.ts';

const now = new Date('2026-11-22T12:00:00Z');
const catalogVersion = 7;

function decide(catalog: Catalog, snapshot: Snapshot, model: Model | undefined, at: Date): ModelAccess {
  return decideBy(snapshot, anySubject, catalog, model, at);
}

const catalogs = fc
  .uniqueArray(
    fc.record({
      provider: fc.constantFrom(...providerSlugs),
      modelId: fc.constantFrom('a', 'b', 'c', 'd'),
      alias: fc.option(fc.constantFrom('x', 'y', 'z')),
      hasSnapshot: fc.boolean(),
      retiresAt: fc.constantFrom(null, '2026-11-21', '2026-11-22', '2026-11-23'),
    }),
    { selector: ({ provider, modelId }) => `${provider}/${modelId}`, maxLength: 16 },
  )
  .map((models) =>
    createCatalog(
      models.flatMap(({ provider, modelId, alias, hasSnapshot, retiresAt }, index) => {
        const name = {
          provider,
          modelId,
          aliases: alias === null ? [] : [`${alias}-${modelId}`],
          displayOrder: 2 * index,
        };
        const snapshot = { provider, modelId: `${modelId}-0613`, snapshotOf: [modelId], displayOrder: 2 * index + 1 };
        return hasSnapshot
          ? [anEntry({ ...name, pointsTo: `${modelId}-0613` }), anEntry({ ...snapshot, retiresAt })]
          : [anEntry({ ...name, retiresAt })];
      }),
    ),
  );

const keys = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'd', 'x-a', 'y-b', 'z-c', 'a-0613', 'c-0613', 'unheard-of'),
  fc.tuple(fc.constantFrom(...providerSlugs), fc.constantFrom('a', 'b', 'x-a')).map((parts) => parts.join('/')),
);

const snapshots = fc
  .record({ disabledProviders: fc.array(fc.constantFrom(...providerSlugs)), disabledModels: fc.array(keys) })
  .map((settings) => aSnapshot(settings));

const allowedIds = (catalog: Catalog, snapshot: Snapshot) =>
  catalog.models.filter((model) => decide(catalog, snapshot, model, now).allowed).map(({ id }) => id);

describe('a decision', () => {
  it('is the same in a list and alone, for every model of any catalog under any settings', () => {
    fc.assert(
      fc.property(catalogs, snapshots, (catalog, snapshot) => {
        const listed = filterModels(decisionsBy(snapshot, { catalog, now }), { allowed: true }).map(({ id }) => id);
        const refused = filterModels(decisionsBy(snapshot, { catalog, now }), { allowed: false }).map(({ id }) => id);

        expect(listed).toEqual(allowedIds(catalog, snapshot));
        expect([...listed, ...refused].toSorted()).toEqual(catalog.models.map(({ id }) => id).toSorted());
      }),
    );
  });

  it('is allowed exactly where there is no reason against it', () => {
    fc.assert(
      fc.property(catalogs, snapshots, (catalog, snapshot) => {
        for (const model of [undefined, ...catalog.models]) {
          const { allowed, reasons } = decide(catalog, snapshot, model, now);
          expect(allowed).toBe(reasons.length === 0);
        }
      }),
    );
  });

  it('never allows more when more is disabled', () => {
    fc.assert(
      fc.property(catalogs, snapshots, snapshots, (catalog, one, other) => {
        const both = aSnapshot({
          disabledProviders: [...one.disabledProviders, ...other.disabledProviders],
          disabledModels: [...one.disabledModels, ...other.disabledModels],
        });

        const before = new Set(allowedIds(catalog, one));
        expect(allowedIds(catalog, both).filter((id) => !before.has(id))).toEqual([]);
      }),
    );
  });

  it('does not depend on the order of entries, nor on how often one stands there', () => {
    fc.assert(
      fc.property(catalogs, snapshots, (catalog, snapshot) => {
        const shuffled = aSnapshot({
          disabledProviders: [...snapshot.disabledProviders, ...snapshot.disabledProviders].toReversed(),
          disabledModels: [...snapshot.disabledModels, ...snapshot.disabledModels].toReversed(),
        });

        expect(allowedIds(catalog, shuffled)).toEqual(allowedIds(catalog, snapshot));
      }),
    );
  });

  it('tells every reason, the most important first', () => {
    const entry = anEntry({ provider: 'openai', modelId: 'ab', retiresAt: '2026-11-22', addedAt: '2026-11-21' });
    const catalog = createCatalog([entry], catalogVersion);
    const [model] = catalog.models;
    const waiting = { newModels: 'REVIEW', reviewedAt: '2026-11-20T00:00:00.000Z' } as const;
    const lists = { disabledProviders: ['openai'], disabledModels: ['AB*'], allowedModels: [] };
    const snapshot = aSnapshot({ revision: 3, ...lists, ...waiting });

    expect(decide(catalog, snapshot, model, now).reasons).toEqual([
      'RETIRED',
      'PROVIDER_DISABLED',
      'MODEL_DISABLED',
      'NOT_ALLOWED',
      'PENDING_REVIEW',
    ]);
    expect(decide(catalog, snapshot, undefined, now).reasons).toEqual(['UNKNOWN_MODEL']);
    expect(decide(catalog, snapshot, model, now)).toMatchObject({ revision: 3, catalogVersion });
  });

  it('stays the same until its end, at an equal stamp, and may be another one then', () => {
    const moments = fc
      .integer({ min: Date.parse('2026-11-20T00:00:00Z'), max: Date.parse('2026-11-25T00:00:00Z') })
      .map((ms) => new Date(ms));
    fc.assert(
      fc.property(catalogs, snapshots, moments, moments, (catalog, snapshot, first, later) => {
        for (const model of [undefined, ...catalog.models]) {
          const access = decide(catalog, snapshot, model, first);
          const { validUntil } = access;
          expect(validUntil === null || validUntil > first).toBe(true);
          const isWithin = later >= first && (validUntil === null || later < validUntil);
          const checked = [...(isWithin ? [later] : []), ...(validUntil ? [new Date(validUntil.getTime() - 1)] : [])];
          for (const at of checked) expect(decide(catalog, snapshot, model, at)).toEqual(access);
          if (validUntil) expect(decide(catalog, snapshot, model, validUntil)).not.toEqual(access);
        }
      }),
    );
  });

  it.each([
    [null, null],
    ['2026-11-22', null],
    ['2026-11-23', new Date('2026-11-23T00:00:00Z')],
  ])('on a model that retires on %s ends at %s', (retiresAt, end) => {
    const catalog = createCatalog([anEntry({ retiresAt })]);
    const [model] = catalog.models;

    expect(decide(catalog, aSnapshot({ disabledModels: ['a'] }), model, now).validUntil).toEqual(end);
  });

  it.each(['a', 'openai/a', 'x', 'openai/x'])('matches an entry "%s" by key, provider/key and alias', (entry) => {
    const catalog = createCatalog([
      anEntry({ provider: 'openai', modelId: 'a', aliases: ['x'], displayOrder: 0 }),
      anEntry({ provider: 'openai', modelId: 'ab', displayOrder: 1 }),
    ]);

    expect(allowedIds(catalog, aSnapshot({ disabledModels: [entry] }))).toEqual(['mdl_openai/ab']);
  });

  describe('on a snapshot and its floating name', () => {
    const catalog = createCatalog([
      anEntry({ modelId: 'nova', aliases: ['n'], pointsTo: 'nova-0806', displayOrder: 0 }),
      anEntry({ modelId: 'nova-0806', snapshotOf: ['nova'], displayOrder: 1 }),
      anEntry({ modelId: 'nova-0513', snapshotOf: ['nova'], displayOrder: 2 }),
      anEntry({ modelId: 'vega', displayOrder: 3 }),
    ]);

    it.each([
      ['nova', ['vega']],
      ['n', ['vega']],
      ['openai/nova', ['vega']],
      // What the name points to cannot be had under the name.
      ['nova-0806', ['nova-0513', 'vega']],
      ['openai/nova-0806', ['nova-0513', 'vega']],
      // Nothing points to it any more.
      ['nova-0513', ['nova', 'nova-0806', 'vega']],
    ])('lets an entry "%s" leave only %j', (entry, left) => {
      const allowed = allowedIds(catalog, aSnapshot({ disabledModels: [entry] }));

      expect(allowed).toEqual(left.map((modelId) => `mdl_openai/${modelId}`));
    });

    it('disables every snapshot with its name, and a name with what it points to, under any settings', () => {
      fc.assert(
        fc.property(catalogs, snapshots, (any, snapshot) => {
          const isDisabled = (model: Model) => decide(any, snapshot, model, now).reasons.includes('MODEL_DISABLED');
          for (const model of any.models.filter(({ pointsTo }) => pointsTo !== null)) {
            const pointed = any.find(`${model.provider}/${model.pointsTo}`) ?? expect.fail();
            expect(isDisabled(pointed)).toBe(isDisabled(model));
          }
        }),
      );
    });
  });

  it('is not hindered by deprecation, nor by a retirement to come', () => {
    const catalog = createCatalog([anEntry({ deprecatedAt: '2026-01-01', retiresAt: '2026-11-23' })]);
    const [model] = catalog.models;

    expect(decide(catalog, aSnapshot(), model, now).allowed).toBe(true);
    expect(decide(catalog, aSnapshot(), model, new Date('2026-11-23T00:00:00Z')).reasons).toEqual(['RETIRED']);
  });
});
