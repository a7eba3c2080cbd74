import type { Facts, Listing } from '../overlay/overlay.ts';

/** The snapshot of a floating name, or the floating name that points to a snapshot. */
export function counterpartOf(listing: readonly Listing[], { id, pointsTo }: Listing): Listing | undefined {
  return listing.find((other) => (pointsTo === undefined ? other.pointsTo === id : other.id === pointsTo));
}

/**
 * The names by which a model is looked up in the packages: its own, then those of its counterpart. A name with `-latest` is not
 * looked up for such a pair: its target changes, and the packages follow late.
 */
export function sourceNames(listing: readonly Listing[], model: Listing): string[] {
  const pair = [model, counterpartOf(listing, model)].filter((one) => one !== undefined);
  return pair
    .flatMap(({ id, aliases = [] }) => [id, ...aliases])
    .filter((name) => pair.length === 1 || !name.endsWith('-latest'));
}

/** Facts about the counterpart that also hold for a model: all except its retirement and its successor. */
export function sharedFacts({ deprecatedAt: _, retiresAt: __, successor: ___, ...figures }: Facts): Facts {
  return figures;
}
