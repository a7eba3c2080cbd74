import type { ModelKind } from '../../catalog/entry.ts';
import { type Lifecycle, lifecycleOf } from '../../catalog/lifecycle.ts';
import type { Model } from '../../catalog/model.ts';
import type { Decisions } from '../../policy/decisions.ts';
import { hasModel } from '../../policy/model-set.ts';
import { pendingOf } from '../../policy/rules.ts';
import { compareKeys, type Page } from '../reading/page.ts';

/** A filter of models; a condition that is absent or null matches all. */
export interface ModelFilter {
  provider?: string | null | undefined;
  allowed?: boolean | null | undefined;
  pending?: boolean | null | undefined;
  supportsSearch?: boolean | null | undefined;
  supportsReasoning?: boolean | null | undefined;
  kind?: ModelKind | null | undefined;
  lifecycle?: Lifecycle | null | undefined;
  search?: string | null | undefined;
}

type Condition = (model: Model, position: number) => boolean;

/** The models of the catalog that match the filter for the subject of the decisions, in the catalog's order. */
export function filterModels(decisions: Decisions, filter: ModelFilter): readonly Model[] {
  const conditions = conditionsOf(decisions, filter);
  const { models } = decisions.catalog;
  return conditions.length === 0 ? models : models.filter((model, at) => conditions.every((holds) => holds(model, at)));
}

/** The conditions that are given. That of access comes first: it does not even look at the model. */
function conditionsOf(decisions: Decisions, filter: ModelFilter): Condition[] {
  const { provider, allowed, pending, supportsSearch, supportsReasoning, kind, lifecycle } = filter;
  const search = filter.search?.trim().toLowerCase() ?? '';
  const conditions: Condition[] = [];
  if (isGiven(allowed)) {
    const set = decisions.allowed();
    conditions.push((_, position) => hasModel(set, position) === allowed);
  }
  if (isGiven(pending)) {
    const set = pendingOf(decisions.state, decisions.catalog);
    conditions.push((_, position) => (set !== null && hasModel(set, position)) === pending);
  }
  if (isGiven(provider)) conditions.push((model) => model.provider === provider);
  if (isGiven(supportsSearch)) conditions.push((model) => model.supportsSearch === supportsSearch);
  if (isGiven(supportsReasoning)) conditions.push((model) => (model.reasoning !== null) === supportsReasoning);
  if (isGiven(kind)) conditions.push((model) => model.kind === kind);
  if (isGiven(lifecycle)) conditions.push((model) => lifecycleOf(model, decisions.now) === lifecycle);
  if (search !== '') conditions.push((model) => isFoundBy(search, model));
  return conditions;
}

function isGiven<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
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
