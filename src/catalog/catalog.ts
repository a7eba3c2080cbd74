import type { CatalogModel } from './entry.ts';
import { idOf, keysOf, type Model } from './model.ts';
import { foldName, ModelNames, maxNameLength } from './model-name.ts';

/** The models that exist. Read once, immutable, with constant-time lookups. */
export interface Catalog {
  /** Grows whenever the data change. */
  readonly version: number;
  /** Ordered by provider, then by display order. */
  readonly models: readonly Model[];
  /** The model of an id such as `mdl_openai/gpt-4o`. */
  byId(id: string): Model | undefined;
  /**
   * Finds a model by any name: `modelId` or alias, alone or after `provider/`, id or display name, in any spelling that
   * `foldName` treats as equal. A bare key that several providers use finds the first of them in the list.
   */
  find(name: string): Model | undefined;
  /**
   * The keys of a name, in the catalog's spelling: `provider/key` for an id or a display name, which several models can share.
   * Empty for an unknown name.
   */
  keysOf(name: string): readonly string[];
  /** Models of the same base model, under all names and at all providers, in list order of their first ones. */
  readonly groups: readonly ModelGroup[];
}

/** All entries of one base model, in list order; never empty. */
export interface ModelGroup {
  readonly baseModel: string;
  readonly models: readonly Model[];
}

/** Indexes entries that are valid. The SDK does so too, with those that the service has sent: nothing here validates, or reads files. */
export function indexCatalog(entries: readonly CatalogModel[], version: number): Catalog {
  const models = toModels(entries.toSorted(byProviderThenOrder));
  const ids = new Map(models.map((model) => [model.id, model]));

  const names = new ModelNames(models);
  const keys = new Map<string, Model>();
  for (const model of models) {
    for (const key of model.names) if (!keys.has(key)) keys.set(key, model);
  }

  return {
    version,
    models: Object.freeze(models),
    byId: (id) => ids.get(id),
    // Almost every name is already a key in the catalog's spelling.
    find: (name) => keys.get(name) ?? (name.length > maxNameLength ? undefined : names.find(name)),
    keysOf: (name) => (name.length > maxNameLength ? [] : names.keysOf(name)),
    groups: groupsOf(models),
  };
}

function toModels(entries: readonly CatalogModel[]): Model[] {
  const byId = new Map(entries.map((entry) => [idOf(entry), entry]));
  const at = ({ provider }: CatalogModel, modelId: string) => byId.get(idOf({ provider, modelId })) ?? [];
  const family = (entry: CatalogModel) => [entry, ...entry.snapshotOf.flatMap((name) => at(entry, name))];

  return entries.map((entry, position) => {
    const snapshot = entry.pointsTo === null ? [] : [at(entry, entry.pointsTo)].flat();
    const disablers = [...family(entry), ...snapshot.flatMap(family)];
    const names = Object.freeze(keysOf(entry));
    // Not frozen: each decision searches it, and V8 takes twice the time for a frozen array.
    const disabledBy = foldedNamesOf(disablers);
    const allowedBy = foldedNamesOf(family(entry));
    const ownNames = foldedNamesOf([entry]);
    const retirement = entry.retiresAt === null ? null : new Date(entry.retiresAt);
    const added = new Date(entry.addedAt);
    // Not frozen: Pothos adds the type to objects that it loads by id.
    return { ...entry, id: idOf(entry), position, names, disabledBy, allowedBy, ownNames, added, retirement };
  });
}

/** Every name of these entries, folded, each once. */
function foldedNamesOf(entries: readonly CatalogModel[]): string[] {
  return [...new Set(entries.flatMap((one) => [...keysOf(one), one.displayName].map(foldName)))];
}

// By code points, not by locale: the order must not depend on the machine.
function byProviderThenOrder(a: CatalogModel, b: CatalogModel): number {
  if (a.provider !== b.provider) return a.provider < b.provider ? -1 : 1;
  return a.displayOrder - b.displayOrder;
}

function groupsOf(models: readonly Model[]): readonly ModelGroup[] {
  const groups = new Map<string, Model[]>();
  for (const model of models) {
    const group = groups.get(model.baseModel);
    if (group) group.push(model);
    else groups.set(model.baseModel, [model]);
  }
  return [...groups].map(([baseModel, members]) => ({ baseModel, models: members }));
}
