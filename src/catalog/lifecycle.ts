import type { CatalogModel } from './model.ts';

/** Where a model stands in its life; only RETIRED forbids its use. */
export type Lifecycle = 'PREVIEW' | 'ACTIVE' | 'DEPRECATED' | 'RETIRED';

/**
 * Where a model stands at a moment. Dates begin at 00:00 UTC. An announced retirement whose announcement has no known date
 * counts as a deprecation that has begun.
 */
export function lifecycleOf(
  { isPreview, deprecatedAt, retiresAt }: Pick<CatalogModel, 'isPreview' | 'deprecatedAt' | 'retiresAt'>,
  now: Date,
): Lifecycle {
  const today = dateOf(now);
  const isDeprecated = deprecatedAt === null ? retiresAt !== null : deprecatedAt <= today;

  if (retiresAt !== null && retiresAt <= today) return 'RETIRED';
  if (isDeprecated) return 'DEPRECATED';
  return isPreview ? 'PREVIEW' : 'ACTIVE';
}

let known = { day: Number.NaN, date: '' };

/** The date in UTC: written once a day, for lists ask for it at every model. */
function dateOf(now: Date): string {
  const day = Math.floor(now.getTime() / 86_400_000);
  if (day !== known.day) known = { day, date: now.toISOString().slice(0, 10) };
  return known.date;
}
