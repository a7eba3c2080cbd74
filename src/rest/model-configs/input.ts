import { z } from '@hono/zod-openapi';

const customModel = {
  type: 'object' as const,
  description: 'What is known of a model that the catalog does not describe. Kept, and passed on.',
  required: ['displayName', 'inputCostPer1kTokens', 'outputCostPer1kTokens'],
  properties: {
    displayName: { type: 'string' as const, minLength: 1, description: "The model's name, for people." },
    inputCostPer1kTokens: { type: 'number' as const, minimum: 0, description: 'The price of input, in US dollars.' },
    outputCostPer1kTokens: { type: 'number' as const, minimum: 0, description: 'The price of output, in US dollars.' },
    maxOutputTokens: { type: 'integer' as const, minimum: 1, description: 'The longest answer, in tokens.' },
    supportsStreaming: { type: 'boolean' as const, description: 'Whether answers can be streamed.' },
    supportedResponseFormats: {
      type: 'array' as const,
      items: { type: 'string' as const },
      description: 'The formats that answers can have.',
    },
  },
};

// Described here, and checked by the graph.
const settings = z.record(z.string(), z.unknown()).openapi({
  description:
    'What is passed on to calls of the model: an open object of at most 16 KiB. A change replaces it whole. A whole number beyond 2^53 - 1 is refused: write it as a string.',
  properties: {
    temperature: { type: 'number', minimum: 0, maximum: 2, description: 'How random answers are.' },
    maxTokens: {
      type: 'integer',
      minimum: 1,
      description: "The longest answer, in tokens: at most the model's output limit.",
    },
    customModel,
  },
});

const providerKeyId = z.string().nullable().openapi({
  description: "The id of one of the organization's active keys at the same provider; null for none.",
  minLength: 1,
  maxLength: 200,
});

export const ModelConfigCreation = z
  .strictObject({
    provider: z.string().openapi({ description: "The provider's slug, such as `openai`." }),
    modelId: z
      .string()
      .min(1, 'must not be empty')
      .openapi({ description: 'What the provider calls the model, or an alias of it in the catalog.' }),
    providerKeyId: providerKeyId.optional(),
    settings: settings.optional(),
  })
  .openapi('ModelConfigCreation', { description: 'A configuration of the caller. The model must be allowed.' });

export const ModelConfigChange = z
  .strictObject({
    providerKeyId: providerKeyId.optional(),
    settings: settings.optional(),
    isEnabled: z.boolean().optional().describe('Whether it is switched on. The default cannot be switched off.'),
    isDefault: z
      .boolean()
      .optional()
      .describe(
        'true makes it the default, in the place of the former one; false leaves none, where it is the default.',
      ),
  })
  .openapi('ModelConfigChange', { description: 'What shall change; a field that is not given stays.' });

export const ModelConfigStatus = z
  .strictObject({ isEnabled: z.boolean().describe('Whether it shall be switched on.') })
  .openapi('ModelConfigStatus', { description: 'Whether a configuration shall be switched on.' });

export const Nothing = z.strictObject({}).optional().openapi({ description: 'No body, or `{}`.' });
