import type { CatalogModel } from '../model.ts';
import type { ProviderSlug } from '../providers.ts';

/** Which models of a provider are in the catalog, and what we know of them beyond the sources that are packages. */
export interface ProviderOverlay {
  readonly provider: ProviderSlug;
  /** In display order: newest and strongest first, retired last. */
  readonly listing: readonly Listing[];
  readonly evidence: readonly Evidence[];
  /** Aliases that look like a floating name and its snapshot, and are documented as one thing. */
  readonly sameThing?: readonly SameThing[];
}

/** What one document says of some aliases: each is, for good, another name of the model that has it. */
export interface SameThing {
  readonly source: string;
  readonly verifiedOn: string;
  readonly aliases: readonly string[];
}

/** One model, by its names. */
export interface Listing {
  readonly id: string;
  readonly name: string;
  readonly family: string | null;
  /** The same as `id` unless said. */
  readonly base?: string;
  readonly aliases?: readonly string[];
  /** The floating names of a snapshot. */
  readonly snapshotOf?: readonly string[];
  /** The snapshot of a floating name. The two share their figures, but not the dates of their end. */
  readonly pointsTo?: string;
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

/** The day on which floating names and snapshots were told apart, and their documents compared. */
export const toldApartOn = '2026-11-27';

/** What `source` says of these models, as seen on the day the overlay was last gone through. */
export function says(source: string, models: readonly string[], facts: Facts, verifiedOn = asOf): Evidence {
  return { source, verifiedOn, models, facts };
}

/** What `source` says of a floating name or of a snapshot, apart from the other. */
export function saysOfNames(source: string, models: readonly string[], facts: Facts): Evidence {
  return says(source, models, facts, toldApartOn);
}

/** A floating name and the snapshot that it points to: two models, the snapshot told by what follows the name. */
export function floating(name: Listing, snapshot: string): [Listing, Listing] {
  const base = name.base ?? name.id;
  const version = snapshot.slice(name.id.length + 1);
  return [
    { ...name, base, pointsTo: snapshot },
    { ...name, base, id: snapshot, name: `${name.name} (${version})`, aliases: [], snapshotOf: [name.id] },
  ];
}
