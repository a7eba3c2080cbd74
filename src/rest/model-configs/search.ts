import { z } from '@hono/zod-openapi';
import { define } from '../define.ts';
import { below, list } from '../documents.ts';
import { modelConfigs } from '../flat-errors.ts';
import { from, made, view } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { KeyStatus, listOf, modelFields } from './model.ts';

const SearchItem = view(
  {
    id: z.string().describe('The id of the model (`mdl_…`), or of the configuration (`cfg_…`).'),
    name: from('displayName', modelFields.displayName),
    provider: modelFields.provider,
    displayLabel: made(
      z
        .string()
        .openapi({ description: 'Its name and that of its provider, for people.', example: 'GPT-4.1 (OpenAI)' }),
      ['displayName', 'providerDisplayName'],
      ({ displayName, providerDisplayName }) => `${displayName} (${providerDisplayName})`,
    ),
    supportsCustomKey: modelFields.supportsCustomKey,
    keyStatus: KeyStatus,
  },
  'SearchItem',
  { description: 'A model that can search the web, or a configuration of one.' },
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
    operationId: 'listSearchCapableModels',
    summary: 'List the models that can search the web and that the caller may use',
    description: 'The ids are those of models.',
    access: 'readOrganization',
    answer: [200, 'The models, in order.', SearchItemList.schema],
    handle: async ({ graph, organizationId }) => SearchItemList.show(await readCapable(graph, organizationId)),
  });

  define(app, modelConfigs, 'GET /v1/model-configs/search-configured', {
    operationId: 'listSearchModelConfigs',
    summary: 'List the configurations that can search the web, are switched on, and may be used',
    description: 'The ids are those of configurations.',
    access: 'readOrganization',
    answer: [200, 'The configurations, the oldest first.', SearchItemList.schema],
    handle: async ({ graph, organizationId }) => {
      const configs = await readConfigured(graph, organizationId);
      return SearchItemList.show(
        configs.flatMap(({ id, keyStatus, model }) => (model ? [{ ...model, id, keyStatus }] : [])),
      );
    },
  });
}
