import { z } from '@hono/zod-openapi';
import type { Row, View } from '../view.ts';

export const KeyStatus = z.enum(['platform', 'custom', 'needs_setup']).openapi({
  description:
    "Whose key calls are made with: the organization's own (`custom`), else the operator's (`platform`); `needs_setup` where there is neither.",
  example: 'platform',
});

const price = (what: string, example: number) =>
  z.number().openapi({ description: `${what}, per 1,000 tokens, in US dollars.`, example });

/** What views say of a model. */
export const modelFields = {
  provider: z.string().openapi({ description: "The provider's slug.", example: 'openai' }),
  providerDisplayName: z.string().openapi({ description: "The provider's name, for people.", example: 'OpenAI' }),
  modelId: z.string().openapi({ description: 'What the provider calls the model.', example: 'gpt-4.1' }),
  displayName: z.string().openapi({ description: "The model's name, for people.", example: 'GPT-4.1' }),
  creator: z.string().openapi({ description: "The slug of the model's maker.", example: 'openai' }),
  creatorDisplayName: z
    .string()
    .openapi({ description: "The name of the model's maker, for people.", example: 'OpenAI' }),
  costPer1kTokens: price('The mean of the input and the output price', 0.005),
  inputCostPer1kTokens: price('The price of input', 0.002),
  outputCostPer1kTokens: price('The price of output', 0.008),
  supportsCustomKey: z
    .boolean()
    .openapi({ description: 'Whether the organization can use a key of its own.', example: true }),
  supportsSearch: z.boolean().openapi({ description: 'Whether the model can search the web.', example: true }),
  supportsStreaming: z.boolean().openapi({ description: 'Whether answers can be streamed.', example: true }),
  supportedResponseFormats: z
    .array(z.string())
    .openapi({ description: 'The formats that answers can have.', example: ['text', 'JSON'] }),
  contextLength: z.number().openapi({ description: 'Its context window, in tokens.', example: 1_047_576 }),
  maxOutputTokens: z.number().openapi({ description: 'The longest answer, in tokens.', example: 32_768 }),
  tags: z.array(z.string()).openapi({
    description:
      'What it is for and can do: `embedding`, `reasoning`, `search`, `streaming`, `preview`, `deprecated`, `retired`.',
    example: ['search', 'streaming'],
  }),
  uiCategory: z.string().openapi({ description: "To group by: the slug of the model's maker.", example: 'openai' }),
  uiPriority: z.number().openapi({ description: 'Its place in the list, from 1.', example: 1 }),
};

export const ReasoningCapability = z
  .object({
    supported: z.boolean().describe('Whether it reasons.'),
    provider: z.string().optional().describe("The provider's slug."),
    supportsReasoningSummary: z.boolean().optional().describe('Whether it can summarize its reasoning.'),
    googleThinkingMode: z
      .enum(['budget', 'level'])
      .optional()
      .describe('Of models of Google: whether thinking is bounded by a budget of tokens, or by a level.'),
  })
  .openapi('ReasoningCapability', { description: 'How a model reasons, if it does.' });

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
    schema: z
      .object({
        data: z.array(schema).describe('All of them.'),
        total: z.int().openapi({ description: 'How many there are.', example: 1 }),
      })
      .openapi(name, { description: 'A whole list: there are no pages.' }),
    show: (rows: readonly Row[]) => ({ data: rows.map(show), total: rows.length }),
  };
}
