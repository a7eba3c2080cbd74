import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceWithin } from '../../src/catalog/edit-distance.ts';
import { nearestNames } from '../../src/catalog/nearest-names.ts';
import { readCatalog } from '../../src/catalog/read-catalog.ts';

const catalog = readCatalog();

/** Levenshtein's distance, as it is defined. */
function distance(one: string, other: string): number {
  if (one === '' || other === '') return one.length + other.length;
  const [rest, others] = [one.slice(1), other.slice(1)];
  if (one[0] === other[0]) return distance(rest, others);
  return 1 + Math.min(distance(rest, other), distance(one, others), distance(rest, others));
}

describe('the distance of two texts', () => {
  it('is what it is defined to be, up to the most that is asked for', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 });
    fc.assert(
      fc.property(text, text, fc.nat({ max: 4 }), (one, other, max) => {
        expect(Math.min(distanceWithin(max, one, other), max + 1)).toBe(Math.min(distance(one, other), max + 1));
      }),
      { numRuns: 500 },
    );
  });

  it('holds for texts of any length', () => {
    const long = 'x'.repeat(1000);

    expect(distanceWithin(3, long, `y${long}`)).toBe(1);
    expect(distanceWithin(3, `${long}ab${long}`, `${long}ba${long}`)).toBe(2);
  });
});

describe('the nearest names', () => {
  it.each([
    ['gpt-4oo', 'gpt-4o'],
    ['GPT 4o', 'gpt-4o'],
    ['claude-sonet-4.6', 'claude-sonnet-4-6'],
    ['Claude Sonet 4.6', 'claude-sonnet-4-6'],
    ['opnai/gpt-4o', 'openai/gpt-4o'],
    ['openai/gpt4o', 'openai/gpt-4o'],
  ])('of %s begin with %s, and are three at most', (name, key) => {
    const nearest = nearestNames(catalog, name);

    expect(nearest[0]).toBe(key);
    expect(nearest.length).toBeLessThanOrEqual(3);
  });

  it('of what is like nothing are none', () => {
    expect(['a model of my own', 'x'.repeat(200), 'openai'].map((name) => nearestNames(catalog, name))).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('of a name with one slip have the name among them', () => {
    fc.assert(
      fc.property(fc.constantFrom(...catalog.models), fc.nat(), (model, at) => {
        const name = model.modelId;
        const slip = `${name.slice(0, at % name.length)}ß${name.slice(at % name.length)}`;

        expect(nearestNames(catalog, slip)[0]).toBe(name);
      }),
    );
  });
});
