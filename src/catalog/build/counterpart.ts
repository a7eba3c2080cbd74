import type { Facts, Listing } from '../overlay/overlay.ts';

/** The snapshot of a floating name, or the floating name that points to a snapshot. */
export function counterpartOf(listing: readonly Listing[], { id, pointsTo }: Listing): Listing | undefined {
  return listing.find((other) => (pointsTo === undefined ? other.pointsTo === id : other.id === pointsTo));
}

/**
 * The names under which the packages are asked for a model: its own, then those of its counterpart. What `-latest` points to moves on
 * and the packages do not follow at once, so of a pair such a name is not asked for.
 */
export function sourceNames(listing: readonly Listing[], model: Listing): string[] {
  const pair = [model, counterpartOf(listing, model)].filter((one) => one !== undefined);
  return pair
    .flatMap(({ id, aliases = [] }) => [id, ...aliases])
    .filter((name) => pair.length === 1 || !name.endsWith('-latest'));
}

/** What documents say of a model's counterpart that is true of both: not when one of them ends, nor what comes after it. */
export function sharedFacts({ deprecatedAt: _, retiresAt: __, successor: ___, ...figures }: Facts): Facts {
  return figures;
}
