import type { Facts, Listing, ProviderOverlay } from '../overlay/overlay.ts';

/**
 * The overlay's facts about each listed model, by `modelId`. Throws for a fact about a model that is not listed, and where two
 * documents set the same field.
 */
export function factsOf({ provider, listing, evidence }: ProviderOverlay): ReadonlyMap<string, Facts> {
  const facts = new Map<string, Facts>(listing.map(({ id }: Listing) => [id, {}]));
  const faults: string[] = [];

  for (const { source, models, facts: said } of evidence) {
    for (const id of models) {
      const known = facts.get(id);
      if (!known) faults.push(`${provider}/${id} is not listed (${source})`);
      else {
        for (const figure of Object.keys(said).filter((name) => name in known)) {
          faults.push(`${provider}/${id}: ${figure} is said twice, again by ${source}`);
        }
        facts.set(id, { ...known, ...said });
      }
    }
  }

  if (faults.length > 0) throw new Error(`The overlay contradicts itself:\n${faults.join('\n')}`);
  return facts;
}
