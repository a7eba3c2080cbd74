import { z } from '@hono/zod-openapi';
import { from, made, view } from '../view.ts';
import { KeyStatus, price, ReasoningCapability, reasoningOf, reasoningPaths } from './model.ts';

/** A configuration as this system shows it. */
export const ModelConfig = view(
  {
    id: z.string().openapi({ example: 'cfg_01m8254h2yf6fv3b0efvnb8waq' }),
    userId: made(
      z.string().openapi({ description: 'Its owner; where the organization shares it, who created it.' }),
      ['user.id', 'createdBy.id'],
      ({ user, createdBy }) => (user ?? createdBy).id,
    ),
    organizationId: from('organization.id', z.string().nullable()),
    provider: z.string().openapi({ example: 'openai' }),
    modelId: z.string().openapi({ example: 'gpt-4.1' }),
    providerKeyId: from('providerKey.id', z.string().nullable()),
    isEnabled: z.boolean(),
    isDefault: z.boolean(),
    settings: z.record(z.string(), z.unknown()),
    createdAt: z.string(),
    updatedAt: z.string(),
    displayName: z.string().optional(),
    creator: from('modelCreator', z.string().optional().openapi({ description: "The slug of the model's maker." })),
    creatorDisplayName: from('modelCreatorDisplayName', z.string().nullable().optional()),
    costPer1kTokens: price.optional(),
    inputCostPer1kTokens: price.optional(),
    outputCostPer1kTokens: price.optional(),
    supportsCustomKey: z.boolean().optional(),
    keyStatus: KeyStatus.optional(),
    maxOutputTokens: z.number().optional(),
    supportsStreaming: z.boolean().optional(),
    supportedResponseFormats: z.array(z.string()).optional(),
    supportsSearch: z.boolean().optional(),
    reasoningCapability: made(ReasoningCapability.optional(), ['modelCreator', ...reasoningPaths], (config) =>
      config.modelCreator ? reasoningOf(config) : undefined,
    ),
    configScope: made(
      z.string().optional().openapi({ description: '`user` or `organization`.' }),
      ['scope'],
      ({ scope }) => scope.toLowerCase(),
    ),
  },
  'ModelConfig',
  { description: 'A configured model. What the catalog does not know of the model is absent.' },
);
