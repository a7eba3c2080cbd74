import type { CatalogModel } from '../entry.ts';
import { idOf } from '../model.ts';
import type { Facts, Listing, ProviderOverlay } from '../overlay/overlay.ts';
import { overlays } from '../overlay/overlays.ts';
import { providers } from '../providers.ts';
import { type AddedModel, addedAtOf } from './added.ts';
import { counterpartOf, sharedFacts, sourceNames } from './counterpart.ts';
import { factsOf } from './facts.ts';
import { publishedLimits } from './limits.ts';
import { perThousand, publishedPrice } from './prices.ts';
import { searchesTheWeb } from './web-search.ts';

/**
 * Builds the catalog from its sources. The overlay determines the models and their order, and overrides the packages. node-llm
 * provides limits and capabilities, genai-prices prices and context windows that node-llm lacks, llm-zoo which models search
 * the web. When a model was added is known from the committed catalog alone; one that it lacks is added as of the day of the
 * data. Depends on nothing else, such as the clock.
 */
export function buildCatalog(committed: readonly AddedModel[]): CatalogModel[] {
  const addedAt = addedAtOf(committed);
  return overlays.flatMap((overlay) => {
    const facts = factsWithShared(overlay);
    return overlay.listing.map((listing, index) => {
      const added = addedAt(idOf({ provider: overlay.provider, modelId: listing.id }));
      return buildModel(overlay, listing, facts.get(listing.id) ?? {}, added, index);
    });
  });
}

/** The names by which genai-prices has the price of a model; none where the overlay sets its price. */
export function pricedNames({ provider, modelId }: CatalogModel): readonly string[] {
  const overlay = overlays.find((one) => one.provider === provider);
  const listing = overlay?.listing.find(({ id }) => id === modelId);
  if (!overlay || !listing) return [];
  const isOverlaid = 'inputPerMillion' in (factsWithShared(overlay).get(modelId) ?? {});
  return isOverlaid ? [] : sourceNames(overlay.listing, listing);
}

function factsWithShared(overlay: ProviderOverlay): ReadonlyMap<string, Facts> {
  const facts = factsOf(overlay);
  return new Map(
    overlay.listing.map((listing) => {
      const counterpart = counterpartOf(overlay.listing, listing);
      const shared = sharedFacts(facts.get(counterpart?.id ?? '') ?? {});
      return [listing.id, { ...shared, ...facts.get(listing.id) }];
    }),
  );
}

function buildModel(
  overlay: ProviderOverlay,
  listing: Listing,
  facts: Facts,
  addedAt: string,
  displayOrder: number,
): CatalogModel {
  const {
    id,
    name,
    family,
    base = id,
    aliases = [],
    snapshotOf = [],
    pointsTo = null,
    kind = 'CHAT',
    creator,
  } = listing;
  const { provider } = overlay;
  const names = sourceNames(overlay.listing, listing);
  const price = publishedPrice(provider, names);
  const limits = publishedLimits(provider, names);
  const isEmbedding = kind === 'EMBEDDING';

  return {
    provider,
    modelId: id,
    aliases: [...aliases],
    snapshotOf: [...snapshotOf],
    pointsTo,
    displayName: name,
    creator: creator?.slug ?? provider,
    creatorDisplayName: creator?.displayName ?? providers[provider].displayName,
    family,
    baseModel: base,
    kind,
    contextWindow: pick(facts.contextWindow, limits?.contextWindow ?? price?.contextWindow),
    maxOutputTokens: isEmbedding ? null : pick(facts.maxOutputTokens, limits?.maxOutputTokens),
    inputCostPer1kTokens: perThousand(pick(facts.inputPerMillion, price?.inputPerMillion)),
    outputCostPer1kTokens: isEmbedding ? null : perThousand(pick(facts.outputPerMillion, price?.outputPerMillion)),
    supportsStreaming: !isEmbedding && (facts.supportsStreaming ?? true),
    supportsSearch: facts.supportsSearch ?? searchesTheWeb(names),
    supportsCustomKey: providers[provider].takesCustomKeys,
    supportedResponseFormats: formatsOf(isEmbedding, facts.supportsJson ?? limits?.writesJson ?? false),
    reasoning: pick(facts.reasoning, limits?.reasons ? { supportsSummary: null, googleThinkingMode: null } : null),
    isPreview: facts.isPreview ?? /-preview(-|$)/.test(id),
    releasedAt: pick(facts.releasedAt, limits?.releasedAt),
    addedAt,
    deprecatedAt: facts.deprecatedAt ?? null,
    retiresAt: facts.retiresAt ?? null,
    successor: facts.successor ?? null,
    displayOrder,
  };
}

// A null in the overlay is a fact too, "known to be unknown": it also overrides the packages.
function pick<T>(fact: T | null | undefined, published: T | null | undefined): T | null {
  return fact === undefined ? (published ?? null) : fact;
}

function formatsOf(isEmbedding: boolean, writesJson: boolean): string[] {
  if (isEmbedding) return [];
  return writesJson ? ['text', 'JSON'] : ['text'];
}
