import { createRoute, z } from '@hono/zod-openapi';
import { toNumber } from '../decimal.ts';
import { defineFlat, flatErrorResponses } from '../flat-errors.ts';
import { organizationHeaders } from '../organization-of.ts';
import type { RestApp } from '../wire.ts';
import { CatalogQuery, isConfigured, type ModelGroup, type ModelOption, readCatalog } from './catalog.ts';
import { KeyStatus, lowerCased, price, ReasoningCapability, reasoningOf, tagsOf } from './model.ts';

const GroupProvider = z.object({
  provider: z.string(),
  providerDisplayName: z.string(),
  modelId: z.string(),
  costPer1kTokens: price.nullable(),
  inputCostPer1kTokens: price.nullable(),
  outputCostPer1kTokens: price.nullable(),
  hasPlatformKey: z.boolean(),
  keyStatus: KeyStatus.optional(),
});

const Group = z
  .object({
    baseModel: z.string().openapi({ example: 'gpt-4o' }),
    displayName: z.string(),
    creator: z.string(),
    creatorDisplayName: z.string(),
    tags: z.array(z.string()),
    contextLength: z.number().nullable().openapi({ description: 'The most that any provider takes.' }),
    maxOutputTokens: z.number().nullable().openapi({ description: 'The most that any provider gives.' }),
    providers: z.array(GroupProvider),
    lowestCost: price.nullable().openapi({ description: 'Among those that the organization may use.' }),
    isConfigured: z.boolean(),
    configuredProviders: z.array(z.string()),
    configuredConfigs: z.array(z.object({ id: z.string(), provider: z.string(), modelId: z.string() })),
    reasoningCapability: ReasoningCapability.optional(),
    uiCategory: z.string().optional(),
    uiPriority: z.number().optional().openapi({ description: 'Lower first.' }),
  })
  .openapi('ModelGroup', { description: 'What is not known of a number is null: never 0 for that.' });

const GroupList = z
  .object({
    data: z.array(Group),
    total: z.int(),
    stats: z.object({
      totalModels: z.int(),
      uniqueBaseModels: z.int(),
      providersWithPlatformKeys: z.array(z.string()),
    }),
  })
  .openapi('ModelGroupList');

const route = createRoute({
  method: 'get',
  path: '/v1/model-configs/grouped',
  summary: 'The models of the catalog, grouped by base model, with every provider',
  request: { query: CatalogQuery, headers: organizationHeaders },
  responses: {
    200: { description: 'The groups, in order.', content: { 'application/json': { schema: GroupList } } },
    ...flatErrorResponses(400),
  },
});

/** The route of the groups of the catalog. */
export function defineGrouped(app: RestApp): void {
  defineFlat(app, route, async (context) => {
    const { groups } = await readCatalog(context);
    const options = groups.flatMap((group) => group.options);
    const withPlatformKeys = options.filter(({ hasPlatformKey }) => hasPlatformKey).map(({ model }) => model.provider);
    const body: z.output<typeof GroupList> = {
      data: groups.map(describe),
      total: groups.length,
      stats: {
        totalModels: options.length,
        uniqueBaseModels: groups.length,
        providersWithPlatformKeys: distinct(withPlatformKeys).toSorted(),
      },
    };
    return Response.json(body);
  });
}

const distinct = (values: readonly string[]) => [...new Set(values)];

function describe(group: ModelGroup, index: number): z.output<typeof Group> {
  const { baseModel, displayName, creator, creatorDisplayName, options } = group;
  const models = options.map(({ model }) => model);
  const configured = options.filter(isConfigured);
  const reasoning = models.find((model) => model.reasoning) ?? models[0];
  return {
    baseModel,
    displayName,
    creator,
    creatorDisplayName,
    tags: distinct(models.flatMap(tagsOf)),
    contextLength: largest(models.map(({ contextWindow }) => contextWindow)),
    maxOutputTokens: largest(models.map(({ maxOutputTokens }) => maxOutputTokens)),
    providers: options.map(describeProvider),
    lowestCost: toNumber(group.lowestCostPer1kTokens),
    isConfigured: configured.length > 0,
    configuredProviders: distinct(configured.map(({ model }) => model.provider)),
    configuredConfigs: configured.flatMap(({ modelConfigIds, model: { provider, modelId } }) =>
      modelConfigIds.map((id) => ({ id, provider, modelId })),
    ),
    reasoningCapability: reasoning && reasoningOf(reasoning),
    uiCategory: creator,
    uiPriority: index + 1,
  };
}

function describeProvider({ model, hasPlatformKey, keyStatus }: ModelOption): z.output<typeof GroupProvider> {
  return {
    provider: model.provider,
    providerDisplayName: model.providerDisplayName,
    modelId: model.modelId,
    costPer1kTokens: toNumber(model.costPer1kTokens),
    inputCostPer1kTokens: toNumber(model.inputCostPer1kTokens),
    outputCostPer1kTokens: toNumber(model.outputCostPer1kTokens),
    hasPlatformKey,
    keyStatus: lowerCased(keyStatus),
  };
}

function largest(numbers: readonly (number | null | undefined)[]): number | null {
  return numbers.reduce<number | null>((most, number) => Math.max(most ?? 0, number ?? 0) || null, null);
}
