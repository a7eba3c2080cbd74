import type { z } from 'zod';
import { type CatalogModel, catalogModel } from './entry.ts';
import { foldName } from './model-name.ts';

/** The catalog's data are invalid. `faults` names everything that is wrong, not only the first fault. */
export class CatalogError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The model catalog has ${faults.length} fault(s):\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
    this.name = 'CatalogError';
    this.faults = faults;
  }
}

/** Validates the entries one by one, and against each other. @throws CatalogError, which names every fault */
export function parseEntries(entries: unknown): CatalogModel[] {
  if (!Array.isArray(entries)) throw new CatalogError(['the catalog must be a list of models']);

  const faults: string[] = [];
  const models: CatalogModel[] = [];
  for (const [index, entry] of entries.entries()) {
    const parsed = catalogModel.safeParse(entry);
    if (parsed.success) models.push(parsed.data);
    else faults.push(...parsed.error.issues.map((issue) => `${nameOf(entry, index)}: ${describe(issue)}`));
  }
  faults.push(...faultsBetween(models));

  if (faults.length > 0) throw new CatalogError(faults);
  return models;
}

function nameOf(entry: unknown, index: number): string {
  const { provider, modelId } = (entry ?? {}) as Partial<Record<'provider' | 'modelId', unknown>>;
  return typeof modelId === 'string' ? `${String(provider)}/${modelId}` : `entry ${index}`;
}

function describe({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

function faultsBetween(models: readonly CatalogModel[]): string[] {
  const faults: string[] = [];
  const owners = new Map<string, string>();
  const orders = new Map<string, string>();
  const ids = new Set(models.map(({ provider, modelId }) => `${provider}/${modelId}`));

  for (const model of models) {
    const { provider, modelId, aliases, displayOrder, successor, deprecatedAt, retiresAt } = model;
    const name = `${provider}/${modelId}`;
    for (const key of [modelId, ...aliases]) {
      const folded = foldName(`${provider}/${key}`);
      const owner = owners.get(folded);
      if (owner === undefined) owners.set(folded, name);
      else faults.push(`${name}: "${key}" already names ${owner}`);
    }

    const twin = orders.get(`${provider}/${displayOrder}`);
    if (twin === undefined) orders.set(`${provider}/${displayOrder}`, name);
    else faults.push(`${name}: displayOrder ${displayOrder} is already that of ${twin}`);

    if (successor === modelId) faults.push(`${name}: is its own successor`);
    else if (successor !== null && !ids.has(`${provider}/${successor}`)) {
      faults.push(`${name}: its successor ${provider}/${successor} is not in the catalog`);
    }

    if (deprecatedAt !== null && retiresAt !== null && retiresAt < deprecatedAt) {
      faults.push(`${name}: retires on ${retiresAt}, before its deprecation on ${deprecatedAt}`);
    }
  }
  return [...faults, ...snapshotFaults(models)];
}

/** A snapshot and the floating name that points to it must reference each other, and be versions of the same base model. */
function snapshotFaults(models: readonly CatalogModel[]): string[] {
  const byName = new Map(models.map((model) => [`${model.provider}/${model.modelId}`, model]));
  return models.flatMap((model) => {
    const { provider, modelId, snapshotOf, pointsTo } = model;
    const name = `${provider}/${modelId}`;
    if (pointsTo === null) {
      return snapshotOf
        .filter((floating) => (byName.get(`${provider}/${floating}`)?.pointsTo ?? null) === null)
        .map(
          (floating) => `${name}: is a snapshot of ${provider}/${floating}, which is no floating name of the catalog`,
        );
    }

    const snapshot = byName.get(`${provider}/${pointsTo}`);
    if (!snapshot?.snapshotOf.includes(modelId)) {
      return [`${name}: points to ${provider}/${pointsTo}, which is no snapshot of it`];
    }
    if (snapshotOf.length > 0) return [`${name}: is both a floating name and a snapshot`];
    return (['kind', 'baseModel', 'family', 'creator'] as const)
      .filter((figure) => model[figure] !== snapshot[figure])
      .map((figure) => `${name}: its ${figure} is not that of ${provider}/${pointsTo}`);
  });
}
