import { type Evidence, says } from './overlay.ts';

const webSearch = 'https://developers.openai.com/api/docs/guides/tools-web-search';
const summaries = 'https://developers.openai.com/api/docs/guides/reasoning';

const models = (id: string) => `https://github.com/anomalyco/models.dev/blob/dev/providers/openai/models/${id}.toml`;
const reasoner = { supportsJson: true, reasoning: { supportsSummary: null, googleThinkingMode: null } };

/** What OpenAI's models can do and cost, where the packages do not say it or say it wrongly. */
export const openaiCapabilities: readonly Evidence[] = [
  says('https://vercel.com/ai-gateway/models/gpt-6.2-sol.md', ['gpt-6.2-sol'], {
    ...reasoner,
    contextWindow: 1_050_000,
    maxOutputTokens: 128_000,
    inputPerMillion: '2',
    outputPerMillion: '10',
    supportsSearch: true,
  }),
  says('https://developers.openai.com/zh-Hans/api/docs/models/gpt-6.1-terra', ['gpt-6.1-terra'], {
    contextWindow: 1_050_000,
    maxOutputTokens: 128_000,
    inputPerMillion: '1',
    outputPerMillion: '5',
    supportsSearch: true,
    supportsJson: true,
    reasoning: { supportsSummary: null, googleThinkingMode: null },
  }),
  says('https://www.w3cschool.cn/openai_api/openai-api-docs-gpt-6-1-sol.html', ['gpt-6.1-sol'], {
    contextWindow: 1_050_000,
    maxOutputTokens: 128_000,
    inputPerMillion: '2',
    outputPerMillion: '10',
    reasoning: { supportsSummary: null, googleThinkingMode: null },
  }),
  says('https://docs.oxen.ai/inference-api/reference/models/gpt-6-1-sol.md', ['gpt-6.1-sol'], {
    supportsJson: true,
    supportsSearch: true,
  }),
  says('https://github.com/BerriAI/litellm/discussions/42523', ['gpt-6-sol', 'gpt-6-luna'], {
    contextWindow: 1_050_000,
    maxOutputTokens: 128_000,
    reasoning: { supportsSummary: null, googleThinkingMode: null },
  }),
  says('https://vercel.com/ai-gateway/models/gpt-6-sol-fast.md', ['gpt-6-sol'], { supportsJson: true }),
  says(
    'https://developers.openai.com/api/docs/guides/embeddings',
    ['text-embedding-3-large', 'text-embedding-3-small', 'text-embedding-ada-002'],
    { contextWindow: 8192 },
  ),

  // A package says the opposite; the guide names this model as the one without.
  says(webSearch, ['gpt-4.1-nano'], { supportsSearch: false }),
  // The guide's models for searching through Chat Completions, which are not in that package.
  says(webSearch, ['gpt-5-search-api', 'gpt-4o-search-preview', 'gpt-4o-mini-search-preview'], {
    supportsSearch: true,
  }),
  // That package denies it or knows another snapshot only; the price list has a price for their searches.
  says('@pydantic/genai-prices', ['gpt-4o', 'gpt-4o-mini'], { supportsSearch: true }),
  // The price list puts it under `gpt-5`, whose window is not its own.
  says(models('gpt-5-chat-latest'), ['gpt-5-chat-latest'], { contextWindow: null }),

  // Retired, so gone from the packages; the catalog that one of them is built from kept them.
  says(models('gpt-5-codex'), ['gpt-5-codex'], { ...reasoner, maxOutputTokens: 128_000, releasedAt: '2025-09-15' }),
  says(models('gpt-5.1-codex'), ['gpt-5.1-codex', 'gpt-5.1-codex-mini'], {
    ...reasoner,
    maxOutputTokens: 128_000,
    releasedAt: '2025-11-13',
  }),
  says(models('gpt-5.2-codex'), ['gpt-5.2-codex'], { ...reasoner, maxOutputTokens: 128_000, releasedAt: '2026-01-14' }),
  says(models('gpt-5.1-chat-latest'), ['gpt-5.1-chat-latest'], {
    ...reasoner,
    contextWindow: 128_000,
    maxOutputTokens: 16_384,
    releasedAt: '2025-11-13',
  }),
  says(models('o1-mini'), ['o1-mini'], { ...reasoner, maxOutputTokens: 65_536, releasedAt: '2024-09-12' }),
  says(models('o3-deep-research'), ['o3-deep-research', 'o4-mini-deep-research'], {
    maxOutputTokens: 100_000,
    reasoning: { supportsSummary: null, googleThinkingMode: null },
  }),

  says(summaries, ['o1', 'o3', 'o3-mini', 'o4-mini'], {
    reasoning: { supportsSummary: true, googleThinkingMode: null },
  }),
];
