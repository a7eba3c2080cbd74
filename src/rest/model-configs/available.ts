import { z } from '@hono/zod-openapi';
import { below, list, query } from '../documents.ts';
import { modelConfigs } from '../flat-errors.ts';
import { define } from '../route.ts';
import { from, made, type Row, view } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { CatalogQuery, catalog, isConfigured } from './catalog.ts';
import { KeyStatus, price, tagPaths, tagsOf } from './model.ts';

/** An option of the catalog, with the states of its configurations, and its place among all. */
const AvailableModel = view(
  {
    id: z.null(),
    provider: from('model.provider', z.string()),
    modelId: from('model.modelId', z.string()),
    displayName: from('model.displayName', z.string()),
    supportsCustomKey: from('model.supportsCustomKey', z.boolean()),
    keyStatus: KeyStatus,
    costPer1kTokens: from('model.costPer1kTokens', price.nullable()),
    supportsSearch: from('model.supportsSearch', z.boolean()),
    isConfigured: made(z.boolean(), ['modelConfigIds'], isConfigured),
    isEnabled: made(z.boolean().openapi({ description: 'Whether any configuration of it is.' }), [], ({ configs }) =>
      configs.some(({ isEnabled }: Row) => isEnabled),
    ),
    isDefault: made(z.boolean().openapi({ description: 'Whether any configuration of it is.' }), [], ({ configs }) =>
      configs.some(({ isDefault }: Row) => isDefault),
    ),
    contextLength: from('model.contextWindow', z.number().optional()),
    maxOutputTokens: from('model.maxOutputTokens', z.number().optional()),
    supportedResponseFormats: from('model.supportedResponseFormats', z.array(z.string()).optional()),
    supportsStreaming: from('model.supportsStreaming', z.boolean().optional()),
    tags: made(z.array(z.string()).optional(), below('model', tagPaths), ({ model }) => tagsOf(model)),
    uiCategory: from('model.creator', z.string().optional()),
    uiPriority: made(z.number().optional().openapi({ description: 'Lower first.' }), [], ({ place }) => place),
  },
  'AvailableModel',
);

const AvailableModelList = z
  .object({
    data: z.array(AvailableModel.schema),
    total: z.int(),
    stats: z.object({
      totalAvailable: z.int().openapi({ description: 'How many are listed.' }),
      uiVisible: z.int().openapi({ description: 'How many of them the organization may use.' }),
      popular: z.int().openapi({ description: 'How many of them it ever used.' }),
      configured: z.int().openapi({ description: 'How many of them are configured.' }),
    }),
  })
  .openapi('AvailableModelList');

const readCatalog = catalog('RestAvailable', [], ['model.id', ...AvailableModel.paths]);
/** By itself: it costs as much as a page of a thousand. */
const readUsed = query(`query RestUsedModels($organizationId: ID!) {
  usage: modelConfigUsage(organizationId: $organizationId) { model { id } }
}`);
const readStates = list('RestConfigStates', 'modelConfigs', ['id', 'isEnabled', 'isDefault']);

/** The route of the models of the catalog. */
export function defineAvailable(app: RestApp): void {
  define(app, modelConfigs, 'GET /v1/model-configs/available', {
    summary: 'The models of the catalog, and whether they are configured',
    description: 'Ask for `/v1/model-configs/grouped` instead.',
    deprecated: true,
    permission: 'readOrganization',
    query: CatalogQuery,
    answer: [200, 'Them, in order.', AvailableModelList],
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
