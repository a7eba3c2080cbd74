import { asOf } from '../as-of.ts';
import type { CatalogModel } from '../entry.ts';
import type { ProviderSlug } from '../providers.ts';

/** The models of a provider, and facts about them that the packages do not have. */
export interface ProviderOverlay {
  readonly provider: ProviderSlug;
  /** In display order: newest and most capable first, retired last. */
  readonly listing: readonly Listing[];
  readonly evidence: readonly Evidence[];
  /** Aliases that look like a floating name or a snapshot, and are documented to be the same model. */
  readonly sameThing?: readonly SameThing[];
}

/** A document, and the aliases that it documents as permanent names of the same model. */
export interface SameThing {
  readonly source: string;
  readonly verifiedOn: string;
  readonly aliases: readonly string[];
}

/** One model and its names. */
export interface Listing {
  readonly id: string;
  readonly name: string;
  readonly family: string | null;
  /** Absent: the same as `id`. */
  readonly base?: string;
  readonly aliases?: readonly string[];
  /** The floating names of a snapshot. */
  readonly snapshotOf?: readonly string[];
  /** The snapshot of a floating name. The two share their figures, but not the dates of deprecation and retirement. */
  readonly pointsTo?: string;
  /** Absent: CHAT. */
  readonly kind?: 'EMBEDDING';
  /** Absent: the provider. */
  readonly creator?: { readonly slug: string; readonly displayName: string };
}

/** Facts about some models from one document. They override the packages. Two documents must not set the same field. */
export interface Evidence {
  /** The address of a public document, or the name of a package. */
  readonly source: string;
  /** The day on which the figures were compared with the stored copy of that document. */
  readonly verifiedOn: string;
  readonly models: readonly string[];
  readonly facts: Facts;
}

/** Facts about a model. Null overrides a package's wrong figure where the true one is unknown. */
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
    /** US dollars per million tokens, as providers publish them; an exact decimal. */
    inputPerMillion: string | null;
    outputPerMillion: string | null;
  }
>;

/** The day on which floating names and snapshots became separate models, and their documents were compared. */
export const separatedOn = '2026-11-27';

/** Facts from `source` about these models, as of the last review of the overlay. */
export function says(source: string, models: readonly string[], facts: Facts, verifiedOn = asOf): Evidence {
  return { source, verifiedOn, models, facts };
}

/** Facts from `source` about a floating name alone, or a snapshot alone. */
export function saysOfNames(source: string, models: readonly string[], facts: Facts): Evidence {
  return says(source, models, facts, separatedOn);
}

/** A floating name and the snapshot that it points to, as two models. The snapshot's suffix follows the name. */
export function floating(name: Listing, snapshot: string): [Listing, Listing] {
  const base = name.base ?? name.id;
  const version = snapshot.slice(name.id.length + 1);
  return [
    { ...name, base, pointsTo: snapshot },
    { ...name, base, id: snapshot, name: `${name.name} (${version})`, aliases: [], snapshotOf: [name.id] },
  ];
}
