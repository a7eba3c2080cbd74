import { readFileSync } from 'node:fs';

/** A catalog entry, as far as it is asked for here. */
export interface Model {
  provider: string;
  modelId: string;
  aliases: string[];
  displayName: string;
  contextWindow: number | null;
  retiresAt: string | null;
  displayOrder: number;
}

export interface Settings {
  disabledProviders: string[];
  disabledModels: string[];
  defaultModelKey: string | null;
}

/** The catalog of the service, for those who decide by hand, in the order in which a bare key denotes a model. */
export function readModels(file: string): Model[] {
  const models: Model[] = JSON.parse(readFileSync(file, 'utf8'));
  return models.toSorted((a, b) =>
    a.provider === b.provider ? a.displayOrder - b.displayOrder : a.provider < b.provider ? -1 : 1,
  );
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
  if (settings.disabledModels.length > 0 && keysOf(model).some((key) => settings.disabledModels.includes(key))) {
    reasons.push('MODEL_DISABLED');
  }
  return reasons;
}

/** Today, as retirement dates are written. */
export const todayOf = (now: Date) => now.toISOString().slice(0, 10);

const keys = new WeakMap<Model, readonly string[]>();

function keysOf(model: Model): readonly string[] {
  const known = keys.get(model);
  if (known) return known;
  const found = [model.modelId, ...model.aliases].flatMap((key) => [key, `${model.provider}/${key}`]);
  keys.set(model, found);
  return found;
}
