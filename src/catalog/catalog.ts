import { createHash } from 'node:crypto';
import { parseEntries } from './faults.ts';
import { type CatalogModel, idOf, keysOf, type Model } from './model.ts';
import { foldName, ModelNames, maxNameLength } from './model-name.ts';
import shippedModels from './models.json' with { type: 'json' };

/** Which models exist: read once, immutable, and quick to ask however long it grows. */
export interface Catalog {
  /** Changes whenever the data does, so that what was derived from it can be cached under it. */
  readonly version: string;
  /** By provider, then by display order. */
  readonly models: readonly Model[];
  /** The model of an id such as `mdl_openai/gpt-4o`. */
  byId(id: string): Model | undefined;
  /**
   * The model of a name: `modelId` or alias, alone or after `provider/`, id or display name, in any spelling that a person would
   * take for it. A bare key that several providers use denotes the first of them in the list.
   */
  find(name: string): Model | undefined;
  /**
   * The keys that a name stands for, in the catalog's spelling: `provider/key` for an id or a display name, which several models can
   * share. None where it names nothing.
   */
  keysOf(name: string): readonly string[];
  /** The same model under several names and at several providers, in list order of the first of each. */
  readonly groups: readonly ModelGroup[];
}

/** All offers of one base model, in list order; never empty. */
export interface ModelGroup {
  readonly baseModel: string;
  readonly models: readonly Model[];
}

/** A catalog of these entries; throws a CatalogError that names every fault. */
export function createCatalog(entries: unknown): Catalog {
  const models = toModels(parseEntries(entries).toSorted(byProviderThenOrder));
  const ids = new Map(models.map((model) => [model.id, model]));

  const names = new ModelNames(models);
  const keys = new Map<string, Model>();
  for (const model of models) {
    for (const key of model.names) if (!keys.has(key)) keys.set(key, model);
  }

  return {
    version: createHash('sha256').update(JSON.stringify(models)).digest('hex').slice(0, 12),
    models: Object.freeze(models),
    byId: (id) => ids.get(id),
    // Almost every name is a key as the catalog spells it.
    find: (name) => keys.get(name) ?? (name.length > maxNameLength ? undefined : names.find(name)),
    keysOf: (name) => (name.length > maxNameLength ? [] : names.keysOf(name)),
    groups: groupsOf(models),
  };
}

let shipped: Catalog | undefined;

/** The catalog that ships with the service; read and validated on the first call, the same one ever after. */
export function readCatalog(): Catalog {
  shipped ??= createCatalog(shippedModels);
  return shipped;
}

function toModels(entries: readonly CatalogModel[]): Model[] {
  const byId = new Map(entries.map((entry) => [idOf(entry), entry]));
  const at = ({ provider }: CatalogModel, modelId: string) => byId.get(idOf({ provider, modelId })) ?? [];
  const family = (entry: CatalogModel) => [entry, ...entry.snapshotOf.flatMap((name) => at(entry, name))];

  return entries.map((entry) => {
    const snapshot = entry.pointsTo === null ? [] : [at(entry, entry.pointsTo)].flat();
    const disablers = [...family(entry), ...snapshot.flatMap(family)];
    const names = Object.freeze(keysOf(entry));
    // Not frozen: each decision looks through it, and V8 takes twice the time for a list that is.
    const disabledBy = [...new Set(disablers.flatMap((one) => [...keysOf(one), one.displayName].map(foldName)))];
    // Not frozen: Pothos marks what it loaded by id with its type.
    return { ...entry, id: idOf(entry), names, disabledBy };
  });
}

// Code points, not a locale: the order of a list must not depend on the machine.
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
