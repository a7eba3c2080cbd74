import type { CatalogModel } from './entry.ts';
import type { Model } from './model.ts';

/** The lifecycle of a model. Only RETIRED forbids its use. */
export type Lifecycle = 'PREVIEW' | 'ACTIVE' | 'DEPRECATED' | 'RETIRED';

/**
 * The lifecycle at a moment. Dates begin at 00:00 UTC. A model with a retirement date, but without a known deprecation date,
 * counts as deprecated.
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

/** Whether the moment of a model's retirement has come. */
export function hasRetired({ retirement }: Pick<Model, 'retirement'>, now: Date): boolean {
  return retirement !== null && retirement.getTime() <= now.getTime();
}

let known = { day: Number.NaN, date: '' };

/** The date in UTC. Cached for the day, since lists need it for every model. */
function dateOf(now: Date): string {
  const day = Math.floor(now.getTime() / 86_400_000);
  if (day !== known.day) known = { day, date: now.toISOString().slice(0, 10) };
  return known.date;
}
