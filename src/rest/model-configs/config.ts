import { z } from '@hono/zod-openapi';
import { moment } from '../schemas.ts';
import { from, made, view } from '../view.ts';
import { KeyStatus, modelFields, ReasoningCapability, reasoningOf, reasoningPaths } from './model.ts';

/** A configuration as this system shows it. */
export const ModelConfig = view(
  {
    id: z.string().openapi({ description: 'Its id.', example: 'cfg_01m8254h2yf6fv3b0efvnb8waq' }),
    userId: made(
      z.string().openapi({
        description: 'The user whose it is; where the organization shares it, the user who created it.',
        example: 'usr_abc123def456',
      }),
      ['user.id', 'createdBy.id'],
      ({ user, createdBy }) => (user ?? createdBy).id,
    ),
    organizationId: from(
      'organization.id',
      z
        .string()
        .nullable()
        .openapi({ description: 'The organization in which it holds.', example: 'org_abc123def456' }),
    ),
    provider: modelFields.provider,
    modelId: modelFields.modelId,
    providerKeyId: from(
      'providerKey.id',
      z.string().nullable().openapi({
        description: "The organization's key that calls are made with; null where it names none.",
        example: 'key_01m8254h0ff6fv3azyjfyw9wa5',
      }),
    ),
    isEnabled: z.boolean().openapi({ description: 'Whether it is switched on.', example: true }),
    isDefault: z.boolean().openapi({
      description: 'Whether it is the default of its user, or of the organization that shares it.',
      example: false,
    }),
    settings: z.record(z.string(), z.unknown()).openapi({
      description: 'What is passed on to calls of the model.',
      example: { maxTokens: 1000, temperature: 0.7 },
    }),
    createdAt: moment.describe('When it was created.'),
    updatedAt: moment.describe('When it was last changed.'),
    displayName: modelFields.displayName.optional(),
    creator: from('modelCreator', modelFields.creator.optional()),
    creatorDisplayName: from('modelCreatorDisplayName', modelFields.creatorDisplayName.nullable().optional()),
    costPer1kTokens: modelFields.costPer1kTokens.optional(),
    inputCostPer1kTokens: modelFields.inputCostPer1kTokens.optional(),
    outputCostPer1kTokens: modelFields.outputCostPer1kTokens.optional(),
    supportsCustomKey: modelFields.supportsCustomKey.optional(),
    keyStatus: KeyStatus.optional(),
    maxOutputTokens: modelFields.maxOutputTokens.optional(),
    supportsStreaming: modelFields.supportsStreaming.optional(),
    supportedResponseFormats: modelFields.supportedResponseFormats.optional(),
    supportsSearch: modelFields.supportsSearch.optional(),
    reasoningCapability: made(ReasoningCapability.optional(), ['modelCreator', ...reasoningPaths], (config) =>
      config.modelCreator ? reasoningOf(config) : undefined,
    ),
    configScope: made(
      z.enum(['user', 'organization']).optional().openapi({
        description: "Whether it is a user's own (`user`), or the organization shares it (`organization`).",
        example: 'user',
      }),
      ['scope'],
      ({ scope }) => scope.toLowerCase(),
    ),
  },
  'ModelConfig',
  { description: 'A configured model. What the catalog does not know of the model is absent.' },
);
