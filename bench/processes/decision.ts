import { readFileSync } from 'node:fs';

/** A catalog entry, as far as it is asked for here. */
interface Entry {
  provider: string;
  modelId: string;
  aliases: string[];
  snapshotOf: string[];
  pointsTo: string | null;
  displayName: string;
  contextWindow: number | null;
  retiresAt: string | null;
  displayOrder: number;
}

export interface Model extends Entry {
  /** The keys whose entry in the settings disables it. */
  disabledBy: readonly string[];
}

export interface Settings {
  disabledProviders: string[];
  disabledModels: string[];
  defaultModelKey: string | null;
}

/** The catalog of the service, for those who decide by hand, in the order in which a bare key denotes a model. */
export function readModels(file: string): Model[] {
  const entries: Entry[] = JSON.parse(readFileSync(file, 'utf8'));
  const sorted = entries.toSorted((a, b) =>
    a.provider === b.provider ? a.displayOrder - b.displayOrder : a.provider < b.provider ? -1 : 1,
  );
  const at = (provider: string, id: string) => sorted.filter((one) => one.provider === provider && one.modelId === id);
  // A snapshot falls with its floating names, and a floating name with the snapshot that it points to.
  const line = (entry: Entry) => [entry, ...entry.snapshotOf.flatMap((name) => at(entry.provider, name))];
  return sorted.map((entry) => {
    const snapshots = entry.pointsTo === null ? [] : at(entry.provider, entry.pointsTo);
    return { ...entry, disabledBy: [...line(entry), ...snapshots.flatMap(line)].flatMap(keysOf) };
  });
}

/** Every key that denotes a model, with the first model that it denotes. */
export function modelsByKey(models: readonly Model[]): Map<string, Model> {
  const byKey = new Map<string, Model>();
  for (const model of models) for (const key of keysOf(model)) if (!byKey.has(key)) byKey.set(key, model);
  return byKey;
}

/** Why a model may not be used, as one would write it by hand; empty when it may. */
export function reasonsAgainst(settings: Settings, model: Model | undefined, today: string): string[] {
  if (!model) return ['UNKNOWN_MODEL'];
  const reasons: string[] = [];
  if (model.retiresAt !== null && model.retiresAt <= today) reasons.push('RETIRED');
  if (settings.disabledProviders.includes(model.provider)) reasons.push('PROVIDER_DISABLED');
  if (settings.disabledModels.length > 0 && model.disabledBy.some((key) => settings.disabledModels.includes(key))) {
    reasons.push('MODEL_DISABLED');
  }
  return reasons;
}

/** Today, as retirement dates are written. */
export const todayOf = (now: Date) => now.toISOString().slice(0, 10);

function keysOf({ provider, modelId, aliases }: Entry): string[] {
  return [modelId, ...aliases].flatMap((key) => [key, `${provider}/${key}`]);
}
