import { z } from '@hono/zod-openapi';
import { define } from '../define.ts';
import { query, selectionOf } from '../documents.ts';
import { modelConfigs } from '../flat-errors.ts';
import { moment } from '../schemas.ts';
import { view } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { listOf, modelFields } from './model.ts';

const ModelUsage = view(
  {
    provider: modelFields.provider,
    modelId: modelFields.modelId,
    usageCount: z.int().nullable().openapi({ description: 'How many calls were reported.', example: 12 }),
    lastUsedAt: moment.nullable().openapi({ description: 'When the last call was; null where there was none.' }),
  },
  'ModelUsage',
  { description: 'How an organization used a model.' },
);
const ModelUsageList = listOf(ModelUsage, 'ModelUsageList');

const ModelInUse = view(
  {
    id: z.string().openapi({ description: 'The id of the model.', example: 'mdl_openai/gpt-4.1' }),
    provider: modelFields.provider,
    modelId: modelFields.modelId,
    displayName: modelFields.displayName,
  },
  'ModelInUse',
  { description: 'A model that was used, or is configured.' },
);
const ModelInUseList = listOf(ModelInUse, 'ModelInUseList');

const readUsage = query(`query RestModelUsage($organizationId: ID!) {
  rows: modelConfigUsage(organizationId: $organizationId) { ${selectionOf(ModelUsage.paths)} }
}`);
const readInUse = query(`query RestModelsInUse($organizationId: ID!) {
  rows: modelsInUse(organizationId: $organizationId) { ${selectionOf(ModelInUse.paths)} }
}`);

/** The routes of what is used. */
export function defineUsage(app: RestApp): void {
  define(app, modelConfigs, 'GET /v1/model-configs/usage', {
    operationId: 'listModelUsage',
    summary: 'List how often the organization used each model, and when last',
    description: 'As services have reported it. Up to a limit of the service (`MAX_USAGE_MODELS`), those used most.',
    access: 'readOrganization',
    answer: [200, 'The models that were used, the most used first.', ModelUsageList.schema],
    handle: async ({ graph, organizationId }) => ModelUsageList.show((await readUsage(graph, { organizationId })).rows),
  });

  define(app, modelConfigs, 'GET /v1/model-configs/in-use', {
    operationId: 'listModelsInUse',
    summary: 'List the models that the organization used or configured',
    description: 'Of the configurations, those that the caller sees count.',
    access: 'readOrganization',
    answer: [200, 'The models, each once, in order.', ModelInUseList.schema],
    handle: async ({ graph, organizationId }) => ModelInUseList.show((await readInUse(graph, { organizationId })).rows),
  });
}
