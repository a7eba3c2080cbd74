import { z } from '@hono/zod-openapi';
import { define } from '../define.ts';
import { list } from '../documents.ts';
import { from, made, view } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { OrganizationId, organizations } from './envelope.ts';

/** A model, with its place among all. */
const Model = view(
  {
    id: z.string().openapi({ description: 'The id of the model.', example: 'mdl_openai/gpt-4o' }),
    title: from('displayName', z.string().openapi({ description: 'Its name, for people.', example: 'GPT-4o' })),
    description: z.null().describe('Always null: Modelgate does not keep it.'),
    key: from('modelId', z.string().openapi({ description: 'What its provider calls it.', example: 'gpt-4o' })),
    external: made(
      z.string().openapi({
        description: 'Its key with its provider, which is exact where several providers offer a model of this key.',
        example: 'openai/gpt-4o',
      }),
      ['provider', 'modelId'],
      ({ provider, modelId }) => `${provider}/${modelId}`,
    ),
    provider: z.string().openapi({ description: "Its provider's slug.", example: 'openai' }),
    is_active: z.literal(true).describe('Always true: only models that may be used are listed.'),
    is_visible_in_ui: z.literal(true).describe('Always true: only models that may be used are listed.'),
    order: made(
      z.int().openapi({ description: 'Its place in the list, from 1.', example: 1 }),
      [],
      ({ place }) => place,
    ),
    max_tokens: from(
      'contextWindow',
      z
        .int()
        .nullable()
        .openapi({ description: 'Its context window, in tokens; null where it is not known.', example: 128_000 }),
    ),
    cost_per_1k_tokens: from(
      'costPer1kTokens',
      z.number().nullable().openapi({
        description:
          'The mean of its input and output price per 1,000 tokens, in US dollars; null where it is not known.',
        example: 0.00625,
      }),
    ),
  },
  'Model',
  { description: 'A model that the caller may use now.' },
);

const ModelList = z
  .object({
    organization_id: OrganizationId,
    models: z.array(Model.schema).describe('The models, in their order.'),
    total_count: z.int().openapi({ description: 'How many models are listed: all.', example: 1 }),
  })
  .openapi('ModelList', { description: 'All models that the caller may use now.' });

const readModels = list('RestModels', 'models', Model.paths, { filter: { allowed: true } });

/** The route of an organization's models. */
export function defineModels(app: RestApp): void {
  define(app, organizations, 'GET /v1/organizations/{organization_id}/models', {
    operationId: 'listModels',
    summary: 'List the models that the caller may use in an organization',
    description:
      'All at once. What is not listed may not be used: `GET /v1/organizations/{organization_id}/model-access` says why.',
    access: 'readOrganization',
    answer: [200, 'All allowed models, in order.', ModelList],
    handle: async ({ graph, organizationId }) => {
      const rows = await readModels(graph, organizationId);
      const models = rows.map((model, index) => Model.show({ ...model, place: index + 1 }));
      return { organization_id: organizationId, models, total_count: models.length };
    },
  });
}
