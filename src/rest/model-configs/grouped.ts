import { z } from '@hono/zod-openapi';
import { define } from '../define.ts';
import { below } from '../documents.ts';
import { modelConfigs } from '../flat-errors.ts';
import { from, made, type Row, view } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { CatalogQuery, catalog, isConfigured } from './catalog.ts';
import { KeyStatus, modelFields, ReasoningCapability, reasoningOf, reasoningPaths, tagPaths, tagsOf } from './model.ts';

const GroupProvider = view(
  {
    provider: from('model.provider', modelFields.provider),
    providerDisplayName: from('model.providerDisplayName', modelFields.providerDisplayName),
    modelId: from('model.modelId', modelFields.modelId),
    costPer1kTokens: from('model.costPer1kTokens', modelFields.costPer1kTokens.nullable()),
    inputCostPer1kTokens: from('model.inputCostPer1kTokens', modelFields.inputCostPer1kTokens.nullable()),
    outputCostPer1kTokens: from('model.outputCostPer1kTokens', modelFields.outputCostPer1kTokens.nullable()),
    hasPlatformKey: z.boolean().describe('Whether the operator of the service has a key at this provider.'),
    keyStatus: KeyStatus.optional(),
  },
  'ModelGroupProvider',
  { description: 'A provider that offers the model of a group. A price that is not known is null.' },
);

const ofModels = (...paths: string[]) => below('options.model', paths);
const modelsOf = ({ options }: Row): Row[] => options.map(({ model }: Row) => model);
const configuredIn = ({ options }: Row): Row[] => options.filter(isConfigured);

/** A group of the catalog, with its place among all. */
const Group = view(
  {
    baseModel: z.string().openapi({ description: 'What the group is called by.', example: 'gpt-4.1' }),
    displayName: modelFields.displayName,
    creator: modelFields.creator,
    creatorDisplayName: modelFields.creatorDisplayName,
    tags: made(modelFields.tags, ofModels(...tagPaths), (group) => distinct(modelsOf(group).flatMap(tagsOf))),
    contextLength: made(
      z.number().nullable().openapi({ description: 'The largest context window at any provider, in tokens.' }),
      ofModels('contextWindow'),
      (group) => largest(modelsOf(group).map(({ contextWindow }) => contextWindow)),
    ),
    maxOutputTokens: made(
      z.number().nullable().openapi({ description: 'The longest answer at any provider, in tokens.' }),
      ofModels('maxOutputTokens'),
      (group) => largest(modelsOf(group).map(({ maxOutputTokens }) => maxOutputTokens)),
    ),
    providers: made(
      z.array(GroupProvider.schema).describe('The providers that offer it.'),
      below('options', GroupProvider.paths),
      ({ options }) => options.map(GroupProvider.show),
    ),
    lowestCost: from(
      'lowestCostPer1kTokens',
      modelFields.costPer1kTokens.nullable().openapi({
        description: 'The lowest `costPer1kTokens` of the providers at which the caller may use it.',
      }),
    ),
    isConfigured: made(
      z.boolean().describe('Whether there is a configuration of it, at any provider.'),
      [],
      (group) => configuredIn(group).length > 0,
    ),
    configuredProviders: made(
      z
        .array(z.string())
        .openapi({ description: 'The slugs of the providers at which it is configured.', example: ['openai'] }),
      ofModels('provider'),
      (group) => distinct(configuredIn(group).map(({ model }) => model.provider)),
    ),
    configuredConfigs: made(
      z
        .array(
          z
            .object({
              id: z
                .string()
                .openapi({ description: 'The id of the configuration.', example: 'cfg_01m8254h2yf6fv3b0efvnb8waq' }),
              provider: modelFields.provider,
              modelId: modelFields.modelId,
            })
            .describe('A configuration.'),
        )
        .describe('Its configurations that the caller may see.'),
      ofModels('provider', 'modelId'),
      (group) =>
        configuredIn(group).flatMap(({ modelConfigIds, model: { provider, modelId } }) =>
          modelConfigIds.map((id: string) => ({ id, provider, modelId })),
        ),
    ),
    reasoningCapability: made(ReasoningCapability.optional(), ofModels(...reasoningPaths), (group) => {
      const models = modelsOf(group);
      const [first] = [...models.filter(({ reasoning }) => reasoning), ...models];
      return first && reasoningOf(first);
    }),
    uiCategory: from('creator', modelFields.uiCategory.optional()),
    uiPriority: made(modelFields.uiPriority.optional(), [], ({ place }) => place),
  },
  'ModelGroup',
  { description: 'A model, and the providers that offer it. A number that is not known is null, never 0.' },
);

const GroupList = z
  .object({
    data: z.array(Group.schema).describe('The groups, in order.'),
    total: z.int().describe('How many groups are listed.'),
    stats: z
      .object({
        totalModels: z.int().describe('How many models the groups have, each counted at each provider.'),
        uniqueBaseModels: z.int().describe('How many groups are listed.'),
        providersWithPlatformKeys: z
          .array(z.string())
          .openapi({ description: 'The slugs of providers at which the operator has a key.', example: ['openai'] }),
      })
      .describe('Counts of what is listed.'),
  })
  .openapi('ModelGroupList', { description: 'The models of the catalog, each with all its providers.' });

const readCatalog = catalog('RestGrouped', Group.paths, []);

/** The route of the groups of the catalog. */
export function defineGrouped(app: RestApp): void {
  define(app, modelConfigs, 'GET /v1/model-configs/grouped', {
    operationId: 'listModelGroups',
    summary: 'List the models of the catalog, each with its providers',
    description:
      'A model that several providers offer is one group. What the query does not narrow is all that the caller may use.',
    access: 'readOrganization',
    permission: 'readOrganization',
    query: CatalogQuery,
    answer: [200, 'The groups, in order.', GroupList],
    handle: async (call) => {
      const groups = await readCatalog(call);
      const options = groups.flatMap((group) => group.options);
      const withPlatformKeys = options.filter(({ hasPlatformKey }) => hasPlatformKey);
      return {
        data: groups.map((group, index) => Group.show({ ...group, place: index + 1 })),
        total: groups.length,
        stats: {
          totalModels: options.length,
          uniqueBaseModels: groups.length,
          providersWithPlatformKeys: distinct(withPlatformKeys.map(({ model }) => model.provider)).toSorted(),
        },
      };
    },
  });
}

const distinct = (values: readonly string[]) => [...new Set(values)];

function largest(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce<number | null>((most, number) => Math.max(most ?? 0, number ?? 0) || null, null);
}
