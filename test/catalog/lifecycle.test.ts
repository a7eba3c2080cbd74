import { describe, expect, it } from 'vitest';
import { lifecycleOf } from '../../src/catalog/lifecycle.ts';

describe('the lifecycle of a model', () => {
  const announced = { isPreview: false, deprecatedAt: '2026-04-22', retiresAt: '2026-10-23' };

  it.each([
    ['2026-04-21T23:59:59.999Z', 'ACTIVE'],
    ['2026-04-22T00:00:00.000Z', 'DEPRECATED'],
    ['2026-10-22T23:59:59.999Z', 'DEPRECATED'],
    ['2026-10-23T00:00:00.000Z', 'RETIRED'],
    ['2030-01-01T00:00:00.000Z', 'RETIRED'],
  ])('turns at the beginning of the day in UTC: at %s it is %s', (now, lifecycle) => {
    expect(lifecycleOf(announced, new Date(now))).toBe(lifecycle);
  });

  it('is a preview until it is deprecated', () => {
    const preview = { isPreview: true, deprecatedAt: '2026-05-11', retiresAt: null };

    expect(lifecycleOf(preview, new Date('2026-05-10'))).toBe('PREVIEW');
    expect(lifecycleOf(preview, new Date('2026-05-11'))).toBe('DEPRECATED');
  });

  it('is deprecated when only its retirement is known', () => {
    const model = { isPreview: true, deprecatedAt: null, retiresAt: '2026-12-01' };

    expect(lifecycleOf(model, new Date('2026-11-22'))).toBe('DEPRECATED');
    expect(lifecycleOf(model, new Date('2026-12-01'))).toBe('RETIRED');
  });

  it('is active when nothing else is known', () => {
    expect(lifecycleOf({ isPreview: false, deprecatedAt: null, retiresAt: null }, new Date())).toBe('ACTIVE');
  });
});
