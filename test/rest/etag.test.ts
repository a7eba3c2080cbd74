import { describe, expect, it } from 'vitest';
import { isKnownBy } from '../../src/domain/input/entity-tag.ts';
import { etagOf, revisionsAllowedBy } from '../../src/rest/etag.ts';

const noon = new Date('2026-11-22T12:00:00Z');

describe('an entity tag', () => {
  it('is the revision, where nothing was decided', () => {
    expect(etagOf(42, null)).toBe('"42"');
  });

  it('is another one by another catalog, and once a decision has ended', () => {
    const tags = [
      etagOf(42, null),
      etagOf(42, { catalogVersion: 7, validUntil: null }),
      etagOf(42, { catalogVersion: 8, validUntil: null }),
      etagOf(42, { catalogVersion: 7, validUntil: noon }),
      etagOf(42, { catalogVersion: 7, validUntil: new Date(noon.getTime() + 1) }),
      etagOf(43, { catalogVersion: 7, validUntil: noon }),
    ];

    expect(new Set(tags).size).toBe(tags.length);
    for (const tag of tags) {
      expect(tags.filter((other) => isKnownBy(`"1", W/${tag}`, other))).toEqual([tag]);
    }
  });

  it('that names decisions is none of a revision alone, which a change may insist on', () => {
    expect(revisionsAllowedBy(`"41", ${etagOf(42, { catalogVersion: 7, validUntil: noon })}`)).toEqual([41]);
  });
});
