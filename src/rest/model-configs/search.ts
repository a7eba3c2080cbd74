import { z } from '@hono/zod-openapi';
import { below, list } from '../documents.ts';
import { modelConfigs } from '../flat-errors.ts';
import { define } from '../route.ts';
import { from, made, view } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { KeyStatus, listOf } from './model.ts';

const SearchItem = view(
  {
    id: z.string(),
    name: from('displayName', z.string()),
    provider: z.string(),
    displayLabel: made(
      z.string().openapi({ example: 'GPT-4.1 (OpenAI)' }),
      ['displayName', 'providerDisplayName'],
      ({ displayName, providerDisplayName }) => `${displayName} (${providerDisplayName})`,
    ),
    supportsCustomKey: z.boolean(),
    keyStatus: KeyStatus,
  },
  'SearchItem',
);
const SearchItemList = listOf(SearchItem, 'SearchItemList');
const ofModel = SearchItem.paths.filter((path) => path !== 'keyStatus');

const readCapable = list('RestSearchCapable', 'models', [...ofModel, 'keyStatus(organizationId: $organizationId)'], {
  filter: { supportsSearch: true, allowed: true },
});
const readConfigured = list('RestSearchConfigured', 'modelConfigs', ['id', 'keyStatus', ...below('model', ofModel)], {
  filter: { supportsSearch: true, isEnabled: true, allowed: true },
});

/** The routes of what can search the web. */
export function defineSearch(app: RestApp): void {
  define(app, modelConfigs, 'GET /v1/model-configs/search-capable', {
    summary: 'The models that can search the web and that the organization may use',
    description: 'The ids are those of models.',
    answer: [200, 'Them, in order.', SearchItemList.schema],
    handle: async ({ graph, organizationId }) => SearchItemList.show(await readCapable(graph, organizationId)),
  });

  define(app, modelConfigs, 'GET /v1/model-configs/search-configured', {
    summary: 'The configurations that are switched on, may be used, and can search the web',
    description: 'The ids are those of configurations.',
    answer: [200, 'Them, in order.', SearchItemList.schema],
    handle: async ({ graph, organizationId }) => {
      const configs = await readConfigured(graph, organizationId);
      return SearchItemList.show(
        configs.flatMap(({ id, keyStatus, model }) => (model ? [{ ...model, id, keyStatus }] : [])),
      );
    },
  });
}
