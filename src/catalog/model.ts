import type { CatalogModel } from './entry.ts';

/** A catalog entry with derived fields. */
export type Model = Readonly<CatalogModel> & {
  /** `mdl_<provider>/<modelId>` */
  readonly id: string;
  /** The keys that denote it: `modelId` and aliases, each alone and after `provider/`. */
  readonly names: readonly string[];
  /**
   * The folded names that disable it as entries of `disabledModels`: its own keys and display name; for a snapshot also those
   * of its floating names; for a floating name also those that disable the snapshot that it points to. So an entry `gpt-5` also
   * disables `gpt-5-2025-08-07`, and a disabled snapshot cannot be used by its floating name.
   */
  readonly disabledBy: readonly string[];
  /** Its index in `catalog.models`, from 0. It changes between versions of the catalog, so it is never stored. */
  readonly position: number;
  /** The moment at which it was added: `addedAt` at 00:00 UTC. */
  readonly added: Date;
  /**
   * The folded names that allow it as entries of `allowedModels`: its own keys and display name; for a snapshot also those of its
   * floating names.
   */
  readonly allowedBy: readonly string[];
  /** The folded names of exactly this model: its keys and display name. */
  readonly ownNames: readonly string[];
  /** The moment at which it retires: `retiresAt` at 00:00 UTC. */
  readonly retirement: Date | null;
};

/** The id of a model. All models share the prefix, so that it also serves as Relay and federation key. */
export function idOf({ provider, modelId }: { provider: string; modelId: string }): string {
  return `mdl_${provider}/${modelId}`;
}

/** Every key that denotes this model: its `modelId` and aliases, each alone and after `provider/`. */
export function keysOf({
  provider,
  modelId,
  aliases,
}: Pick<CatalogModel, 'provider' | 'modelId' | 'aliases'>): string[] {
  return [modelId, ...aliases].flatMap((key) => [key, `${provider}/${key}`]);
}
