import type { CatalogModel } from '../model.ts';
import type { ProviderSlug } from '../providers.ts';

/** Which models of a provider are in the catalog, and what we know of them beyond the sources that are packages. */
export interface ProviderOverlay {
  readonly provider: ProviderSlug;
  /** In display order: newest and strongest first, retired last. */
  readonly listing: readonly Listing[];
  readonly evidence: readonly Evidence[];
}

/** One model, by its names. */
export interface Listing {
  readonly id: string;
  readonly name: string;
  readonly family: string | null;
  /** The same as `id` unless said. */
  readonly base?: string;
  readonly aliases?: readonly string[];
  /** CHAT unless said. */
  readonly kind?: 'EMBEDDING';
  /** The provider unless said. */
  readonly creator?: { readonly slug: string; readonly displayName: string };
}

/** What one document says of some models. It wins over the packages; two documents may not speak of the same figure. */
export interface Evidence {
  /** The address of a public document, or the name of a package. */
  readonly source: string;
  /** The day on which the figures were compared with the stored copy of that document. */
  readonly verifiedOn: string;
  readonly models: readonly string[];
  readonly facts: Facts;
}

/** Figures of a model. Null says that a package's figure is not to be believed and the true one is unknown. */
export type Facts = Partial<
  Pick<
    CatalogModel,
    | 'contextWindow'
    | 'maxOutputTokens'
    | 'supportsStreaming'
    | 'supportsSearch'
    | 'reasoning'
    | 'isPreview'
    | 'releasedAt'
    | 'deprecatedAt'
    | 'retiresAt'
    | 'successor'
  > & {
    supportsJson: boolean;
    /** US dollars for a million tokens, as providers publish them; an exact decimal. */
    inputPerMillion: string | null;
    outputPerMillion: string | null;
  }
>;

/** The day on which the overlay was last gone through; also the day whose prices the catalog holds. */
export const asOf = '2026-11-22';

/** What `source` says of these models, as seen on the day the overlay was last gone through. */
export function says(source: string, models: readonly string[], facts: Facts): Evidence {
  return { source, verifiedOn: asOf, models, facts };
}
