import { lifecycleOf } from '../../catalog/lifecycle.ts';
import type { Model } from '../../catalog/model.ts';
import { type ProviderSlug, providers } from '../../catalog/providers.ts';
import { movePoint } from './price.ts';

/** How clients that read models.dev reach a provider; absent where nobody has said. */
const connections: Partial<Record<ProviderSlug, { env: readonly string[]; npm: string; doc: string }>> = {
  anthropic: {
    env: ['ANTHROPIC_API_KEY'],
    npm: '@ai-sdk/anthropic',
    doc: 'https://docs.anthropic.com/en/docs/about-claude/models',
  },
  cohere: { env: ['COHERE_API_KEY'], npm: '@ai-sdk/cohere', doc: 'https://docs.cohere.com/docs/models' },
  google: {
    env: ['GOOGLE_GENERATIVE_AI_API_KEY'],
    npm: '@ai-sdk/google',
    doc: 'https://ai.google.dev/gemini-api/docs/pricing',
  },
  mistral: { env: ['MISTRAL_API_KEY'], npm: '@ai-sdk/mistral', doc: 'https://docs.mistral.ai/getting-started/models/' },
  openai: { env: ['OPENAI_API_KEY'], npm: '@ai-sdk/openai', doc: 'https://platform.openai.com/docs/models' },
};

/** Models as the file `api.json` of models.dev has them: by their providers, and there by their keys. */
export function toApiJson(models: readonly Model[], now: Date) {
  const offers = new Map<ProviderSlug, Record<string, ReturnType<typeof toEntry>>>();
  for (const model of models) {
    const offered = offers.get(model.provider) ?? {};
    offered[model.modelId] = toEntry(model, now);
    offers.set(model.provider, offered);
  }
  return Object.fromEntries(
    [...offers].map(([id, offered]) => [
      id,
      { id, name: providers[id].displayName, env: [], ...connections[id], models: offered },
    ]),
  );
}

/**
 * One model. Its readers need fields of which the catalog knows nothing: chat models are said to take tools, and none attachments;
 * an unknown limit is 0, and an unknown release the day on which the model came into the catalog. A cost that is not known whole is
 * left out.
 */
function toEntry(model: Model, now: Date) {
  const { kind, displayName, family, reasoning, releasedAt, addedAt, supportedResponseFormats } = model;
  const isChat = kind === 'CHAT';
  const isDeprecated = lifecycleOf(model, now) === 'DEPRECATED';
  const status = isDeprecated ? 'deprecated' : model.isPreview ? 'beta' : undefined;
  const input = movePoint(model.inputCostPer1kTokens, 3);
  const output = movePoint(model.outputCostPer1kTokens, 3);
  return {
    id: model.modelId,
    name: displayName,
    ...(family === null ? {} : { family }),
    attachment: false,
    reasoning: reasoning !== null,
    tool_call: isChat,
    structured_output: supportedResponseFormats.includes('JSON'),
    temperature: isChat && reasoning === null,
    release_date: releasedAt ?? addedAt,
    last_updated: addedAt,
    modalities: { input: ['text'], output: ['text'] },
    open_weights: false,
    ...(input !== null && output !== null ? { cost: { input: Number(input), output: Number(output) } } : {}),
    limit: { context: model.contextWindow ?? 0, output: model.maxOutputTokens ?? 0 },
    ...(status ? { status } : {}),
  };
}
