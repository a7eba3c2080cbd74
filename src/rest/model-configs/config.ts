import { z } from '@hono/zod-openapi';
import { toNumber } from '../decimal.ts';
import { graphql } from '../generated/gql.ts';
import type { RestConfigFragment } from '../generated/graphql.ts';
import { KeyStatus, lowerCased, price, ReasoningCapability, reasoningOf } from './model.ts';

/** What every view asks of a configuration. */
graphql(`
  fragment RestConfig on ModelConfig {
    id
    scope
    user {
      id
    }
    creator {
      id
    }
    organization {
      id
    }
    provider
    modelId
    displayName
    keyStatus
    providerKey {
      id
    }
    isEnabled
    isDefault
    settings
    createdAt
    updatedAt
    modelCreator
    modelCreatorDisplayName
    costPer1kTokens
    inputCostPer1kTokens
    outputCostPer1kTokens
    supportsCustomKey
    supportsStreaming
    supportsSearch
    maxOutputTokens
    supportedResponseFormats
    reasoning {
      supportsSummary
      googleThinkingMode
    }
  }
`);

export const ModelConfig = z
  .object({
    id: z.string().openapi({ example: 'cfg_01m8254h2yf6fv3b0efvnb8waq' }),
    userId: z.string().openapi({ description: 'Its owner; where the organization shares it, who created it.' }),
    organizationId: z.string().nullable(),
    provider: z.string().openapi({ example: 'openai' }),
    modelId: z.string().openapi({ example: 'gpt-4.1' }),
    providerKeyId: z.string().nullable(),
    isEnabled: z.boolean(),
    isDefault: z.boolean(),
    settings: z.record(z.string(), z.unknown()),
    createdAt: z.string(),
    updatedAt: z.string(),
    displayName: z.string().optional(),
    creator: z.string().optional().openapi({ description: "The slug of the model's maker." }),
    creatorDisplayName: z.string().nullable().optional(),
    costPer1kTokens: price.optional(),
    inputCostPer1kTokens: price.optional(),
    outputCostPer1kTokens: price.optional(),
    supportsCustomKey: z.boolean().optional(),
    keyStatus: KeyStatus.optional(),
    maxOutputTokens: z.number().optional(),
    supportsStreaming: z.boolean().optional(),
    supportedResponseFormats: z.array(z.string()).optional(),
    supportsSearch: z.boolean().optional(),
    reasoningCapability: ReasoningCapability.optional(),
    configScope: z.string().optional().openapi({ description: '`user` or `organization`.' }),
  })
  .openapi('ModelConfig', {
    description: 'A configured model. What the catalog does not know of the model is absent.',
  });

/** A configuration as this system shows it. */
export function toConfig(config: RestConfigFragment): z.output<typeof ModelConfig> {
  const { id, user, creator, organization, provider, modelId, providerKey, isEnabled, isDefault, settings } = config;
  const { createdAt, updatedAt, displayName, modelCreator, keyStatus, scope } = config;
  return {
    id,
    userId: user?.id ?? creator.id,
    organizationId: organization.id,
    provider,
    modelId,
    providerKeyId: providerKey?.id ?? null,
    isEnabled,
    isDefault,
    settings,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    displayName,
    creator: modelCreator ?? undefined,
    creatorDisplayName: config.modelCreatorDisplayName ?? undefined,
    costPer1kTokens: toNumber(config.costPer1kTokens) ?? undefined,
    inputCostPer1kTokens: toNumber(config.inputCostPer1kTokens) ?? undefined,
    outputCostPer1kTokens: toNumber(config.outputCostPer1kTokens) ?? undefined,
    supportsCustomKey: config.supportsCustomKey ?? undefined,
    keyStatus: lowerCased(keyStatus),
    maxOutputTokens: config.maxOutputTokens ?? undefined,
    supportsStreaming: config.supportsStreaming ?? undefined,
    supportedResponseFormats: config.supportedResponseFormats ?? undefined,
    supportsSearch: config.supportsSearch ?? undefined,
    reasoningCapability: modelCreator ? reasoningOf(config) : undefined,
    configScope: lowerCased(scope),
  };
}
