import { type ListedModel, qualifiedId } from './listed-models.ts';
import { movePoint } from './price.ts';

/**
 * A model as OpenAI lists it, with the fields that OpenRouter adds: prices are in US dollars per token, as decimals in text; an
 * unknown figure is null. An alias says which model it stands for.
 */
export function toOpenAiModel({ id, name, model, isAlias }: ListedModel) {
  return {
    id,
    object: 'model' as const,
    created: Date.parse(model.releasedAt ?? model.addedAt) / 1_000,
    owned_by: model.creator,
    name,
    context_length: model.contextWindow,
    max_completion_tokens: model.maxOutputTokens,
    pricing: {
      prompt: movePoint(model.inputCostPer1kTokens, -3),
      completion: movePoint(model.outputCostPer1kTokens, -3),
    },
    ...(isAlias ? { resolves_to: qualifiedId(model) } : {}),
  };
}

export function toOpenAiList(models: readonly ListedModel[]) {
  return { object: 'list' as const, data: models.map(toOpenAiModel) };
}
