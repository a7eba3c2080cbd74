import { z } from '@hono/zod-openapi';
import { define } from '../define.ts';
import { below, list, query } from '../documents.ts';
import { modelConfigs } from '../flat-errors.ts';
import { from, made, type Row, view } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { CatalogQuery, catalog, isConfigured } from './catalog.ts';
import { KeyStatus, modelFields, tagPaths, tagsOf } from './model.ts';

/** An option of the catalog, with the states of its configurations, and its place among all. */
const AvailableModel = view(
  {
    id: z.null().describe('Always null: what is listed are models, not configurations.'),
    provider: from('model.provider', modelFields.provider),
    modelId: from('model.modelId', modelFields.modelId),
    displayName: from('model.displayName', modelFields.displayName),
    supportsCustomKey: from('model.supportsCustomKey', modelFields.supportsCustomKey),
    keyStatus: KeyStatus,
    costPer1kTokens: from('model.costPer1kTokens', modelFields.costPer1kTokens.nullable()),
    supportsSearch: from('model.supportsSearch', modelFields.supportsSearch),
    isConfigured: made(
      z.boolean().describe('Whether there is a configuration of it.'),
      ['modelConfigIds'],
      isConfigured,
    ),
    isEnabled: made(z.boolean().describe('Whether any configuration of it is switched on.'), [], ({ configs }) =>
      configs.some(({ isEnabled }: Row) => isEnabled),
    ),
    isDefault: made(z.boolean().describe('Whether any configuration of it is a default.'), [], ({ configs }) =>
      configs.some(({ isDefault }: Row) => isDefault),
    ),
    contextLength: from('model.contextWindow', modelFields.contextLength.optional()),
    maxOutputTokens: from('model.maxOutputTokens', modelFields.maxOutputTokens.optional()),
    supportedResponseFormats: from('model.supportedResponseFormats', modelFields.supportedResponseFormats.optional()),
    supportsStreaming: from('model.supportsStreaming', modelFields.supportsStreaming.optional()),
    tags: made(modelFields.tags.optional(), below('model', tagPaths), ({ model }) => tagsOf(model)),
    uiCategory: from('model.creator', modelFields.uiCategory.optional()),
    uiPriority: made(modelFields.uiPriority.optional(), [], ({ place }) => place),
  },
  'AvailableModel',
  { description: 'A model at a provider. What the catalog does not know of it is absent, or null.' },
);

const AvailableModelList = z
  .object({
    data: z.array(AvailableModel.schema).describe('The models, in order.'),
    total: z.int().describe('How many models are listed.'),
    stats: z
      .object({
        totalAvailable: z.int().describe('How many models are listed.'),
        uiVisible: z.int().describe('How many of them the caller may use.'),
        popular: z.int().describe('How many of them it ever used.'),
        configured: z.int().describe('How many of them are configured.'),
      })
      .describe('Counts of the models that are listed.'),
  })
  .openapi('AvailableModelList', { description: 'Models of the catalog, each at one provider.' });

const readCatalog = catalog('RestAvailable', [], ['model.id', ...AvailableModel.paths]);
/** By itself: it costs as much as a page of a thousand. */
const readUsed = query(`query RestUsedModels($organizationId: ID!) {
  usage: modelConfigUsage(organizationId: $organizationId) { model { id } }
}`);
const readStates = list('RestConfigStates', 'modelConfigs', ['id', 'isEnabled', 'isDefault']);

/** The route of the models of the catalog. */
export function defineAvailable(app: RestApp): void {
  define(app, modelConfigs, 'GET /v1/model-configs/available', {
    operationId: 'listAvailableModels',
    summary: 'List the models of the catalog',
    description: 'Use `GET /v1/model-configs/grouped` instead.',
    deprecated: true,
    access: 'readOrganization',
    permission: 'readOrganization',
    query: CatalogQuery,
    answer: [200, 'The models, in order.', AvailableModelList],
    handle: async (call) => {
      const { graph, organizationId } = call;
      const options = (await readCatalog(call)).flatMap((group) => group.options);
      const { usage }: Row = await readUsed(graph, { organizationId });
      const used = new Set(usage.map(({ model }: Row) => model?.id));
      const states = new Map((await readStates(graph, organizationId)).map((state) => [state.id, state]));
      const stateOf = (id: string) => states.get(id) ?? [];
      const data = options.map((option, index) =>
        AvailableModel.show({ ...option, configs: option.modelConfigIds.flatMap(stateOf), place: index + 1 }),
      );
      const stats = {
        totalAvailable: options.length,
        uiVisible: options.filter(({ access }) => access.allowed).length,
        popular: options.filter(({ model }) => used.has(model.id)).length,
        configured: options.filter(isConfigured).length,
      };
      return { data, total: options.length, stats };
    },
  });
}
