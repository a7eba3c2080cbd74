import { createRoute, z } from '@hono/zod-openapi';
import { defineFlat, flatErrorResponses } from '../flat-errors.ts';
import { graphql } from '../generated/gql.ts';
import type { RestConfigFragment } from '../generated/graphql.ts';
import type { Graph } from '../graph.ts';
import { organizationHeaders, organizationOf } from '../organization-of.ts';
import { allNodes, collect } from '../pages.ts';
import type { RestApp } from '../wire.ts';
import { ModelConfig, toConfig } from './config.ts';
import { createConfig } from './creation.ts';

const ModelConfigList = z.object({ data: z.array(ModelConfig), total: z.int() }).openapi('ModelConfigList');

const ListConfigs = graphql(`
  query RestConfigs($organizationId: ID!, $after: String) {
    modelConfigs(organizationId: $organizationId, after: $after) {
      edges {
        node {
          ...RestConfig
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const ReadDefault = graphql(`
  query RestDefault($organizationId: ID!) {
    organization(id: $organizationId) {
      revision
      effectiveDefaultModel {
        model {
          provider
          modelId
        }
      }
    }
  }
`);

const route = createRoute({
  method: 'get',
  path: '/v1/model-configs',
  summary: "The caller's configurations, and those that its organization shares",
  description: 'Where there are none, the effective default model becomes the first, as the caller’s own default.',
  request: { headers: organizationHeaders },
  responses: {
    200: {
      description: 'All of them, the oldest first.',
      content: { 'application/json': { schema: ModelConfigList } },
    },
    ...flatErrorResponses(400),
  },
});

/** The route of all configurations. */
export function defineList(app: RestApp): void {
  defineFlat(app, route, async (context) => {
    const configs = await listConfigs(context.env.graph, await organizationOf(context));
    const body: z.output<typeof ModelConfigList> = { data: configs.map(toConfig), total: configs.length };
    return new Response(context.env.writeJson(body), { headers: { 'content-type': 'application/json' } });
  });
}

/** How often a first configuration is tried for, while others change the organization. */
const attempts = 5;

async function listConfigs(graph: Graph, organizationId: string): Promise<RestConfigFragment[]> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    // Read before the list, so that whatever the list misses is a conflict.
    const { organization } = await graph.ask(ReadDefault, { organizationId });
    const configs = await collect(
      allNodes(async (after) => (await graph.ask(ListConfigs, { organizationId, after })).modelConfigs),
    );
    const model = organization?.effectiveDefaultModel.model;
    if (configs.length > 0 || !model) return configs;

    const expectedRevision = organization.revision;
    const first = await createConfig(graph, { organizationId, ...model, isDefault: true, expectedRevision });
    if (first.__typename === 'ModelConfig') return [first];
    // One who may not have configurations, as an API key, has none.
    if (first.__typename !== 'RevisionConflictError') return [];
  }
  return [];
}
