import { z } from '@hono/zod-openapi';
import { list } from '../documents.ts';
import { define } from '../route.ts';
import { from, made, view } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { OrganizationId, organizations } from './envelope.ts';

/** A model, with its place among all. */
const Model = view(
  {
    id: z.string().openapi({ example: 'mdl_openai/gpt-4o' }),
    title: from('displayName', z.string()),
    description: z.null(),
    key: from('modelId', z.string().openapi({ example: 'gpt-4o' })),
    external: made(
      z.string().openapi({ description: 'The exact key.', example: 'openai/gpt-4o' }),
      ['provider', 'modelId'],
      ({ provider, modelId }) => `${provider}/${modelId}`,
    ),
    provider: z.string(),
    is_active: z.literal(true),
    is_visible_in_ui: z.literal(true),
    order: made(z.int().openapi({ description: 'Lower first.' }), [], ({ place }) => place),
    max_tokens: from('contextWindow', z.int().nullable().openapi({ description: 'Its context window.' })),
    cost_per_1k_tokens: from(
      'costPer1kTokens',
      z.number().nullable().openapi({ description: 'In US dollars; null where it is not known.' }),
    ),
  },
  'Model',
);

const ModelList = z
  .object({ organization_id: OrganizationId, models: z.array(Model.schema), total_count: z.int() })
  .openapi('ModelList');

const readModels = list('RestModels', 'models', Model.paths, { filter: { allowed: true } });

/** The route of an organization's models. */
export function defineModels(app: RestApp): void {
  define(app, organizations, 'GET /v1/organizations/{organization_id}/models', {
    summary: 'The models that an organization may use',
    answer: [200, 'All allowed models, in order.', ModelList],
    handle: async ({ graph, organizationId }) => {
      const rows = await readModels(graph, organizationId);
      const models = rows.map((model, index) => Model.show({ ...model, place: index + 1 }));
      return { organization_id: organizationId, models, total_count: models.length };
    },
  });
}
