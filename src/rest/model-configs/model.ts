import { z } from '@hono/zod-openapi';
import type { Row, View } from '../view.ts';

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

export const reasoningPaths = ['provider', 'reasoning.supportsSummary', 'reasoning.googleThinkingMode'];

/** How a model, or that of a configuration, reasons. */
export function reasoningOf({ provider, reasoning }: Row): z.output<typeof ReasoningCapability> {
  if (!reasoning) return { supported: false };
  return {
    supported: true,
    provider,
    supportsReasoningSummary: reasoning.supportsSummary ?? undefined,
    googleThinkingMode: reasoning.googleThinkingMode?.toLowerCase(),
  };
}

export const tagPaths = ['kind', 'reasoning.supportsSummary', 'supportsSearch', 'supportsStreaming', 'lifecycle'];

/** What a model is made for, if not for chat, what it can do and where it stands, in words to filter by. */
export function tagsOf({ kind, reasoning, supportsSearch, supportsStreaming, lifecycle }: Row): string[] {
  return [
    ...(kind === 'CHAT' ? [] : [kind.toLowerCase()]),
    ...(reasoning ? ['reasoning'] : []),
    ...(supportsSearch ? ['search'] : []),
    ...(supportsStreaming ? ['streaming'] : []),
    ...(lifecycle === 'ACTIVE' ? [] : [lifecycle.toLowerCase()]),
  ];
}

/** A list as this system answers it: whole, with its length. */
export function listOf({ schema, show }: View, name: string) {
  return {
    schema: z.object({ data: z.array(schema), total: z.int() }).openapi(name),
    show: (rows: readonly Row[]) => ({ data: rows.map(show), total: rows.length }),
  };
}
