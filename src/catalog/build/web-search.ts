import { ANTHROPIC_MODELS, OPENAI_DEEP_RESEARCH_MODELS, OPENAI_MODELS, OPENAI_REASONING_MODELS } from 'llm-zoo';

const searching = new Set(
  [ANTHROPIC_MODELS, OPENAI_MODELS, OPENAI_REASONING_MODELS, OPENAI_DEEP_RESEARCH_MODELS]
    .flatMap((models) => Object.values(models))
    .filter(({ capabilities }) => capabilities.supportsNativeWebSearch)
    .map(({ fullName }) => fullName),
);

/** Whether llm-zoo lists one of these names as a model that searches the web. It knows models of OpenAI and Anthropic alone. */
export function searchesTheWeb(names: readonly string[]): boolean {
  return names.some((name) => searching.has(name));
}
