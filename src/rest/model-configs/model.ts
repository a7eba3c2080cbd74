import { z } from '@hono/zod-openapi';
import { graphql } from '../generated/gql.ts';
import type { RestModelFragment } from '../generated/graphql.ts';

/** What every view asks of a model. */
graphql(`
  fragment RestModel on Model {
    id
    provider
    providerDisplayName
    modelId
    displayName
    creator
    creatorDisplayName
    kind
    lifecycle
    contextWindow
    maxOutputTokens
    costPer1kTokens
    inputCostPer1kTokens
    outputCostPer1kTokens
    supportsCustomKey
    supportsStreaming
    supportsSearch
    supportedResponseFormats
    reasoning {
      supportsSummary
      googleThinkingMode
    }
  }
`);

export const KeyStatus = z.enum(['platform', 'custom', 'needs_setup']).openapi({
  description:
    "Whose key calls are made with: the organization's own (`custom`), else the operator's (`platform`), else nobody's yet.",
});

/** A price per 1,000 tokens. */
export const price = z.number().openapi({ description: 'In US dollars.', example: 0.005 });

export const ReasoningCapability = z
  .object({
    supported: z.boolean(),
    provider: z.string().optional(),
    supportsReasoningSummary: z.boolean().optional(),
    googleThinkingMode: z.enum(['budget', 'level']).optional(),
  })
  .openapi('ReasoningCapability');

/** An enum value of the graph as this system writes it. */
export function lowerCased<Value extends string>(value: Value): Lowercase<Value> {
  return value.toLowerCase() as Lowercase<Value>;
}

export function reasoningOf({
  provider,
  reasoning,
}: Pick<RestModelFragment, 'provider' | 'reasoning'>): z.output<typeof ReasoningCapability> {
  if (!reasoning) return { supported: false };
  return {
    supported: true,
    provider,
    supportsReasoningSummary: reasoning.supportsSummary ?? undefined,
    googleThinkingMode: reasoning.googleThinkingMode ? lowerCased(reasoning.googleThinkingMode) : undefined,
  };
}

/** What a model is made for, if not for chat, what it can do and where it stands, in words to filter by. */
export function tagsOf({ kind, reasoning, supportsSearch, supportsStreaming, lifecycle }: RestModelFragment): string[] {
  return [
    ...(kind === 'CHAT' ? [] : [lowerCased(kind)]),
    ...(reasoning ? ['reasoning'] : []),
    ...(supportsSearch ? ['search'] : []),
    ...(supportsStreaming ? ['streaming'] : []),
    ...(lifecycle === 'ACTIVE' ? [] : [lowerCased(lifecycle)]),
  ];
}
