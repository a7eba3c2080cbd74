import { createRoute, z } from '@hono/zod-openapi';
import { defineFlat, flatErrorResponses } from '../flat-errors.ts';
import { graphql } from '../generated/gql.ts';
import { organizationHeaders, organizationOf } from '../organization-of.ts';
import type { RestApp } from '../wire.ts';

const ModelUsage = z
  .object({
    provider: z.string(),
    modelId: z.string(),
    usageCount: z.int().nullable(),
    lastUsedAt: z.string().nullable(),
  })
  .openapi('ModelUsage');

const ModelUsageList = z.object({ data: z.array(ModelUsage), total: z.int() }).openapi('ModelUsageList');

const ModelInUse = z
  .object({
    id: z.string().openapi({ example: 'mdl_openai/gpt-4o' }),
    provider: z.string(),
    modelId: z.string(),
    displayName: z.string(),
  })
  .openapi('ModelInUse');

const ModelInUseList = z.object({ data: z.array(ModelInUse), total: z.int() }).openapi('ModelInUseList');

const ReadUsage = graphql(`
  query RestModelUsage($organizationId: ID!) {
    modelConfigUsage(organizationId: $organizationId) {
      provider
      modelId
      usageCount
      lastUsedAt
    }
  }
`);

const ReadInUse = graphql(`
  query RestModelsInUse($organizationId: ID!) {
    modelsInUse(organizationId: $organizationId) {
      id
      provider
      modelId
      displayName
    }
  }
`);

const usageRoute = createRoute({
  method: 'get',
  path: '/v1/model-configs/usage',
  summary: 'How often each model was used by the organization, and when last',
  request: { headers: organizationHeaders },
  responses: {
    200: { description: 'Most used first.', content: { 'application/json': { schema: ModelUsageList } } },
    ...flatErrorResponses(400),
  },
});

const inUseRoute = createRoute({
  method: 'get',
  path: '/v1/model-configs/in-use',
  summary: 'The models that were ever used, or are configured',
  request: { headers: organizationHeaders },
  responses: {
    200: { description: 'Each once, in order.', content: { 'application/json': { schema: ModelInUseList } } },
    ...flatErrorResponses(400),
  },
});

/** The routes of what is used. */
export function defineUsage(app: RestApp): void {
  defineFlat(app, usageRoute, async (context) => {
    const organizationId = await organizationOf(context);
    const { modelConfigUsage } = await context.env.graph.ask(ReadUsage, { organizationId });
    const data = modelConfigUsage.map(({ provider, modelId, usageCount, lastUsedAt }) => ({
      provider,
      modelId,
      usageCount: Number(usageCount),
      lastUsedAt: lastUsedAt.toISOString(),
    }));
    return Response.json({ data, total: data.length } satisfies z.output<typeof ModelUsageList>);
  });

  defineFlat(app, inUseRoute, async (context) => {
    const organizationId = await organizationOf(context);
    const { modelsInUse: data } = await context.env.graph.ask(ReadInUse, { organizationId });
    return Response.json({ data, total: data.length } satisfies z.output<typeof ModelInUseList>);
  });
}
