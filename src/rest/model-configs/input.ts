import { z } from '@hono/zod-openapi';

const customModel = {
  type: 'object' as const,
  required: ['displayName', 'inputCostPer1kTokens', 'outputCostPer1kTokens'],
  properties: {
    displayName: { type: 'string' as const, minLength: 1 },
    inputCostPer1kTokens: { type: 'number' as const, minimum: 0 },
    outputCostPer1kTokens: { type: 'number' as const, minimum: 0 },
    maxOutputTokens: { type: 'integer' as const, minimum: 1 },
    supportsStreaming: { type: 'boolean' as const },
    supportedResponseFormats: { type: 'array' as const, items: { type: 'string' as const } },
  },
};

// Described here, and checked by the graph.
const settings = z.record(z.string(), z.unknown()).openapi({
  description:
    "What is passed on to calls: an open object. `maxTokens` is also bounded by the model's output limit. A whole number beyond 2^53 - 1 is refused: write it as a string. It is replaced whole.",
  properties: {
    temperature: { type: 'number', minimum: 0, maximum: 2 },
    maxTokens: { type: 'integer', minimum: 1 },
    customModel,
  },
  example: { maxTokens: 1000, temperature: 0.7 },
});

const providerKeyId = z.string().nullable().openapi({
  description: "One of the organization's active keys of the same provider; null for none.",
});

export const ModelConfigCreation = z
  .strictObject({
    provider: z.string().openapi({ description: 'A slug.', example: 'openai' }),
    modelId: z.string().min(1, 'must not be empty').openapi({ example: 'gpt-4.1' }),
    providerKeyId: providerKeyId.optional(),
    settings: settings.optional(),
  })
  .openapi('ModelConfigCreation');

export const ModelConfigChange = z
  .strictObject({
    providerKeyId: providerKeyId.optional(),
    settings: settings.optional(),
    isEnabled: z.boolean().optional(),
    isDefault: z.boolean().optional().openapi({ description: 'false clears it, where it is the default.' }),
  })
  .openapi('ModelConfigChange', { description: 'What shall change; a field that is not given stays.' });

export const ModelConfigStatus = z.strictObject({ isEnabled: z.boolean() }).openapi('ModelConfigStatus');

export const Nothing = z.strictObject({}).optional().openapi({ description: 'Nothing, or `{}`.' });
