import { idOf, type Model } from '../../catalog/model.ts';
import type { Decisions } from '../../policy/decisions.ts';
import type { ModelAccess } from '../../policy/policy.ts';
import type { ModelConfig } from '../configs/model-config.ts';
import { blendedCost, lowest } from './cost.ts';

/** A model as one provider offers it. */
export interface ModelOption {
  model: Model;
  access: ModelAccess;
  costPer1kTokens: string | null;
  /** The ids of the viewer's and the organization's configurations of it. */
  configIds: readonly string[];
  organizationId: string;
}

/** All models of the catalog with the same base model, under any name at any provider. */
export interface ModelGroup {
  baseModel: string;
  /** The first option that is allowed, else the first. */
  representative: Model;
  options: readonly ModelOption[];
  lowestCostPer1kTokens: string | null;
}

/** The catalog, grouped by base model, with the decisions for one subject. */
export function groupModels(
  decisions: Decisions,
  configured: readonly Pick<ModelConfig, 'id' | 'provider' | 'modelId'>[],
): ModelGroup[] {
  const configIds = new Map<string, string[]>();
  for (const { id, ...key } of configured) {
    const modelId = idOf(key);
    configIds.set(modelId, [...(configIds.get(modelId) ?? []), id]);
  }
  return decisions.catalog.groups.flatMap(({ baseModel, models }) => {
    const options = models.map((model) => ({
      model,
      access: decisions.evaluate(model),
      costPer1kTokens: blendedCost(model),
      configIds: configIds.get(model.id) ?? [],
      organizationId: decisions.state.organizationId,
    }));
    const allowed = options.filter(({ access }) => access.allowed);
    const representative = (allowed[0] ?? options[0])?.model;
    if (!representative) return [];
    return { baseModel, representative, options, lowestCostPer1kTokens: lowest(allowed.map((o) => o.costPer1kTokens)) };
  });
}
