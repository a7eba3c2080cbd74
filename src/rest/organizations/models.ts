import { createRoute, z } from '@hono/zod-openapi';
import { toNumber } from '../decimal.ts';
import { define } from '../define.ts';
import { graphql } from '../generated/gql.ts';
import type { RestModelsQuery } from '../generated/graphql.ts';
import { allNodes, collect } from '../pages.ts';
import type { RestApp } from '../wire.ts';
import { errorResponses, OrganizationId } from './envelope.ts';

const Model = z
  .object({
    id: z.string().openapi({ example: 'mdl_openai/gpt-4o' }),
    title: z.string(),
    description: z.null(),
    key: z.string().openapi({ example: 'gpt-4o' }),
    external: z.string().openapi({ description: 'The exact key.', example: 'openai/gpt-4o' }),
    provider: z.string(),
    is_active: z.literal(true),
    is_visible_in_ui: z.literal(true),
    order: z.int().openapi({ description: 'Lower first.' }),
    max_tokens: z.int().nullable().openapi({ description: 'Its context window.' }),
    cost_per_1k_tokens: z.number().nullable().openapi({ description: 'In US dollars; null where it is not known.' }),
  })
  .openapi('Model');

const ModelList = z
  .object({ organization_id: OrganizationId, models: z.array(Model), total_count: z.int() })
  .openapi('ModelList');

const ListModels = graphql(`
  query RestModels($organizationId: ID!, $after: String) {
    models(organizationId: $organizationId, filter: { allowed: true }, after: $after) {
      edges {
        node {
          id
          displayName
          modelId
          provider
          contextWindow
          costPer1kTokens
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const route = createRoute({
  method: 'get',
  path: '/v1/organizations/{organization_id}/models',
  summary: 'The models that an organization may use',
  request: { params: z.object({ organization_id: OrganizationId }) },
  responses: {
    200: { description: 'All allowed models, in order.', content: { 'application/json': { schema: ModelList } } },
    ...errorResponses(401, 403),
  },
});

/** The route of an organization's models. */
export function defineModels(app: RestApp): void {
  define(app, route, async ({ req, env }) => {
    const organizationId = req.param('organization_id') ?? '';
    const readPage = async (after: string | null) =>
      (await env.graph.ask(ListModels, { organizationId, after })).models;
    const models = (await collect(allNodes(readPage))).map(describe);
    const body: z.output<typeof ModelList> = { organization_id: organizationId, models, total_count: models.length };
    return Response.json(body);
  });
}

type Node = RestModelsQuery['models']['edges'][number]['node'];

function describe(model: Node, index: number): z.output<typeof Model> {
  return {
    id: model.id,
    title: model.displayName,
    description: null,
    key: model.modelId,
    external: `${model.provider}/${model.modelId}`,
    provider: model.provider,
    is_active: true,
    is_visible_in_ui: true,
    order: index + 1,
    max_tokens: model.contextWindow ?? null,
    cost_per_1k_tokens: toNumber(model.costPer1kTokens),
  };
}
