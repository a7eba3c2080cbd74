import { z } from '@hono/zod-openapi';
import { below } from '../documents.ts';
import { modelConfigs } from '../flat-errors.ts';
import { define } from '../route.ts';
import { from, made, type Row, view } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { CatalogQuery, catalog, isConfigured } from './catalog.ts';
import { KeyStatus, price, ReasoningCapability, reasoningOf, reasoningPaths, tagPaths, tagsOf } from './model.ts';

const GroupProvider = view({
  provider: from('model.provider', z.string()),
  providerDisplayName: from('model.providerDisplayName', z.string()),
  modelId: from('model.modelId', z.string()),
  costPer1kTokens: from('model.costPer1kTokens', price.nullable()),
  inputCostPer1kTokens: from('model.inputCostPer1kTokens', price.nullable()),
  outputCostPer1kTokens: from('model.outputCostPer1kTokens', price.nullable()),
  hasPlatformKey: z.boolean(),
  keyStatus: KeyStatus.optional(),
});

const ofModels = (...paths: string[]) => below('options.model', paths);
const modelsOf = ({ options }: Row): Row[] => options.map(({ model }: Row) => model);
const configuredIn = ({ options }: Row): Row[] => options.filter(isConfigured);

/** A group of the catalog, with its place among all. */
const Group = view(
  {
    baseModel: z.string().openapi({ example: 'gpt-4o' }),
    displayName: z.string(),
    creator: z.string(),
    creatorDisplayName: z.string(),
    tags: made(z.array(z.string()), ofModels(...tagPaths), (group) => distinct(modelsOf(group).flatMap(tagsOf))),
    contextLength: made(
      z.number().nullable().openapi({ description: 'The most that any provider takes.' }),
      ofModels('contextWindow'),
      (group) => largest(modelsOf(group).map(({ contextWindow }) => contextWindow)),
    ),
    maxOutputTokens: made(
      z.number().nullable().openapi({ description: 'The most that any provider gives.' }),
      ofModels('maxOutputTokens'),
      (group) => largest(modelsOf(group).map(({ maxOutputTokens }) => maxOutputTokens)),
    ),
    providers: made(z.array(GroupProvider.schema), below('options', GroupProvider.paths), ({ options }) =>
      options.map(GroupProvider.show),
    ),
    lowestCost: from(
      'lowestCostPer1kTokens',
      price.nullable().openapi({ description: 'Among those that the organization may use.' }),
    ),
    isConfigured: made(z.boolean(), [], (group) => configuredIn(group).length > 0),
    configuredProviders: made(z.array(z.string()), ofModels('provider'), (group) =>
      distinct(configuredIn(group).map(({ model }) => model.provider)),
    ),
    configuredConfigs: made(
      z.array(z.object({ id: z.string(), provider: z.string(), modelId: z.string() })),
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
    uiCategory: from('creator', z.string().optional()),
    uiPriority: made(z.number().optional().openapi({ description: 'Lower first.' }), [], ({ place }) => place),
  },
  'ModelGroup',
  { description: 'What is not known of a number is null: never 0 for that.' },
);

const GroupList = z
  .object({
    data: z.array(Group.schema),
    total: z.int(),
    stats: z.object({
      totalModels: z.int(),
      uniqueBaseModels: z.int(),
      providersWithPlatformKeys: z.array(z.string()),
    }),
  })
  .openapi('ModelGroupList');

const readCatalog = catalog('RestGrouped', Group.paths, []);

/** The route of the groups of the catalog. */
export function defineGrouped(app: RestApp): void {
  define(app, modelConfigs, 'GET /v1/model-configs/grouped', {
    summary: 'The models of the catalog, grouped by base model, with every provider',
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
