import type { Model } from '../../catalog/model.ts';
import { foldName } from '../../catalog/model-name.ts';
import { modelsOf, targetsOf } from '../../policy/alias.ts';
import type { Decisions } from '../../policy/decisions.ts';
import { hasModel, positionsOf } from '../../policy/model-set.ts';

/** A model by a name that the caller may use for it. */
export interface ListedModel {
  id: string;
  name: string;
  model: Model;
  isAlias: boolean;
}

/** Whether models are listed by their bare keys where those are clear, or always as `provider/key`. */
export type Ids = 'shortest' | 'qualified';

/**
 * All that the caller may use: the aliases of its organization, each as the model that it stands for, then the models. Whatever is
 * listed is allowed under the name by which it is listed.
 */
export function listModels(decisions: Decisions, ids: Ids): ListedModel[] {
  return [...listAliases(decisions), ...allowedModels(decisions).map(listed(decisions, ids))];
}

/** What a name means, as it is listed; undefined where the caller may not use it. */
export function findListed(decisions: Decisions, ids: Ids, name: string): ListedModel | undefined {
  const model = meaningOf(decisions, name);
  if (!model) return undefined;
  const isAlias = targetsOf(decisions.state, name) !== undefined;
  return isAlias ? aliasOf(foldName(name), model) : listed(decisions, ids)(model);
}

/** `provider/key`, which no other model has. */
export function qualifiedId({ provider, modelId }: Model): string {
  return `${provider}/${modelId}`;
}

/** The models that the caller may use, in the order of the catalog. */
export function allowedModels(decisions: Decisions): Model[] {
  return positionsOf(decisions.allowed()).flatMap((position) => decisions.catalog.models[position] ?? []);
}

function listAliases(decisions: Decisions): ListedModel[] {
  return Object.keys(decisions.state.aliases).flatMap((name) => {
    const model = meaningOf(decisions, name);
    return model ? [aliasOf(name, model)] : [];
  });
}

function aliasOf(name: string, model: Model): ListedModel {
  return { id: name, name, model, isAlias: true };
}

/** The first model that a name means and that the caller may use: the one that is decided on. */
function meaningOf(decisions: Decisions, name: string): Model | undefined {
  const allowed = decisions.allowed();
  return modelsOf(decisions.state, decisions.catalog, name).find((model) => model && hasModel(allowed, model.position));
}

function listed(decisions: Decisions, ids: Ids): (model: Model) => ListedModel {
  const isClear = ids === 'qualified' ? () => false : clearKeys(decisions);
  return (model) => ({
    id: isClear(model) ? model.modelId : qualifiedId(model),
    name: model.displayName,
    model,
    isAlias: false,
  });
}

/** Whether the bare key of a model means that one alone among those that the caller may use: no alias, and no other provider's. */
function clearKeys(decisions: Decisions): (model: Model) => boolean {
  const { catalog, state } = decisions;
  const uses = new Map<string, number>();
  for (const { modelId } of allowedModels(decisions)) {
    const key = foldName(modelId);
    uses.set(key, (uses.get(key) ?? 0) + 1);
  }
  return ({ id, modelId }) =>
    uses.get(foldName(modelId)) === 1 && targetsOf(state, modelId) === undefined && catalog.find(modelId)?.id === id;
}
