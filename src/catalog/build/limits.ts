import { ModelRegistry } from '@node-llm/core';
import type { ProviderSlug } from '../providers.ts';

/** Limits and capabilities of one model, from node-llm. */
export interface Limits {
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
  readonly releasedAt: string | null;
  readonly reasons: boolean;
  readonly writesJson: boolean;
}

const registryNames: Partial<Record<ProviderSlug, string>> = {
  anthropic: 'anthropic',
  google: 'gemini',
  mistral: 'mistral',
  openai: 'openai',
};

// The registry merges several origins, and ids occur more than once. Only rows of this origin agree with the providers'
// documents; others have an embedding's dimensions as its output limit, or the limits of another model.
const trustedOrigin = 'models.dev';

/** The limits of the first of these names that the registry has for the provider; null where it has none. */
export function publishedLimits(provider: ProviderSlug, names: readonly string[]): Limits | null {
  const registryName = registryNames[provider];
  for (const name of names) {
    const row = ModelRegistry.all().find(
      ({ id, provider: at, metadata }) => id === name && at === registryName && metadata?.source === trustedOrigin,
    );
    if (row) {
      const contextWindow = row.context_window || null;
      const output = row.max_output_tokens || null;
      return {
        contextWindow,
        // The origin repeats the context window where a provider publishes no output limit.
        maxOutputTokens: output === contextWindow ? null : output,
        releasedAt: row.created_at?.slice(0, 10) ?? null,
        reasons: row.capabilities.includes('reasoning'),
        writesJson: row.capabilities.includes('structured_output'),
      };
    }
  }
  return null;
}
