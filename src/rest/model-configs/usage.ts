import { z } from '@hono/zod-openapi';
import { query, selectionOf } from '../documents.ts';
import { modelConfigs } from '../flat-errors.ts';
import { define } from '../route.ts';
import { view } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { listOf } from './model.ts';

const ModelUsage = view(
  {
    provider: z.string(),
    modelId: z.string(),
    usageCount: z.int().nullable(),
    lastUsedAt: z.string().nullable(),
  },
  'ModelUsage',
);
const ModelUsageList = listOf(ModelUsage, 'ModelUsageList');

const ModelInUse = view(
  {
    id: z.string().openapi({ example: 'mdl_openai/gpt-4o' }),
    provider: z.string(),
    modelId: z.string(),
    displayName: z.string(),
  },
  'ModelInUse',
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
    summary: 'How often each model was used by the organization, and when last',
    answer: [200, 'Most used first.', ModelUsageList.schema],
    handle: async ({ graph, organizationId }) => ModelUsageList.show((await readUsage(graph, { organizationId })).rows),
  });

  define(app, modelConfigs, 'GET /v1/model-configs/in-use', {
    summary: 'The models that were ever used, or are configured',
    answer: [200, 'Each once, in order.', ModelInUseList.schema],
    handle: async ({ graph, organizationId }) => ModelInUseList.show((await readInUse(graph, { organizationId })).rows),
  });
}
