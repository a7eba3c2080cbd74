import { type Lifecycle, lifecycleOf } from '../../catalog/lifecycle.ts';
import type { Model, ModelKind } from '../../catalog/model.ts';
import type { Decisions } from '../../policy/decisions.ts';
import { compareKeys, type Page } from '../reading/page.ts';

/** A filter of models; a condition that is absent or null matches all. */
export interface ModelFilter {
  provider?: string | null | undefined;
  allowed?: boolean | null | undefined;
  supportsSearch?: boolean | null | undefined;
  supportsReasoning?: boolean | null | undefined;
  kind?: ModelKind | null | undefined;
  lifecycle?: Lifecycle | null | undefined;
  search?: string | null | undefined;
}

/** The models of the catalog that match the filter for the subject of the decisions, in the catalog's order. */
export function filterModels(decisions: Decisions, filter: ModelFilter): readonly Model[] {
  const { catalog, now } = decisions;
  const { provider, allowed, supportsSearch, supportsReasoning, kind, lifecycle } = filter;
  const search = filter.search?.trim().toLowerCase() ?? '';
  return catalog.models.filter(
    (model) =>
      matches(provider, model.provider) &&
      matches(supportsSearch, model.supportsSearch) &&
      matches(supportsReasoning, model.reasoning !== null) &&
      matches(kind, model.kind) &&
      (isAnything(lifecycle) || lifecycle === lifecycleOf(model, now)) &&
      (search === '' || isFoundBy(search, model)) &&
      (isAnything(allowed) || allowed === decisions.evaluate(model).allowed),
  );
}

function matches<Value>(wanted: Value | null | undefined, value: Value): boolean {
  return isAnything(wanted) || wanted === value;
}

function isAnything(wanted: unknown): wanted is null | undefined {
  return wanted === null || wanted === undefined;
}

function isFoundBy(search: string, { displayName, modelId, aliases }: Model): boolean {
  return [displayName, modelId, ...aliases].some((name) => name.toLowerCase().includes(search));
}

/** The sort key of models. A cursor of it stays valid when the catalog changes between two pages. */
export type ModelKey = [provider: string, displayOrder: number, modelId: string];

export function keyOfModel({ provider, displayOrder, modelId }: Model): ModelKey {
  return [provider, displayOrder, modelId];
}

/** A page of models that are in the catalog's order. */
export function pageOfModels(models: readonly Model[], { after, before, limit, inverted }: Page<ModelKey>): Model[] {
  const within = models.filter(
    (model) =>
      (after === undefined || compareKeys(keyOfModel(model), after) > 0) &&
      (before === undefined || compareKeys(keyOfModel(model), before) < 0),
  );
  return inverted ? within.slice(-limit).reverse() : within.slice(0, limit);
}
