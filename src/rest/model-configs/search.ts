import { createRoute, z } from '@hono/zod-openapi';
import { defineFlat, flatErrorResponses } from '../flat-errors.ts';
import { graphql } from '../generated/gql.ts';
import type { KeyStatus as GraphKeyStatus, RestModelFragment } from '../generated/graphql.ts';
import { organizationHeaders, organizationOf } from '../organization-of.ts';
import { allNodes, collect } from '../pages.ts';
import type { RestApp } from '../wire.ts';
import { KeyStatus, lowerCased } from './model.ts';

const SearchItem = z
  .object({
    id: z.string(),
    name: z.string(),
    provider: z.string(),
    displayLabel: z.string().openapi({ example: 'GPT-4.1 (OpenAI)' }),
    supportsCustomKey: z.boolean(),
    keyStatus: KeyStatus,
  })
  .openapi('SearchItem');

const SearchItemList = z.object({ data: z.array(SearchItem), total: z.int() }).openapi('SearchItemList');

const ListCapable = graphql(`
  query RestSearchCapable($organizationId: ID!, $after: String) {
    models(
      organizationId: $organizationId
      filter: { supportsSearch: true, allowed: true }
      after: $after
    ) {
      edges {
        node {
          ...RestModel
          keyStatus(organizationId: $organizationId)
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const ListConfigured = graphql(`
  query RestSearchConfigured($organizationId: ID!, $after: String) {
    modelConfigs(
      organizationId: $organizationId
      filter: { supportsSearch: true, isEnabled: true, allowed: true }
      after: $after
    ) {
      edges {
        node {
          id
          keyStatus
          model {
            ...RestModel
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const responses = {
  200: { description: 'Them, in order.', content: { 'application/json': { schema: SearchItemList } } },
  ...flatErrorResponses(400),
};

const capableRoute = createRoute({
  method: 'get',
  path: '/v1/model-configs/search-capable',
  summary: 'The models that can search the web and that the organization may use',
  description: 'The ids are those of models.',
  request: { headers: organizationHeaders },
  responses,
});

const configuredRoute = createRoute({
  method: 'get',
  path: '/v1/model-configs/search-configured',
  summary: 'The configurations that are switched on, may be used, and can search the web',
  description: 'The ids are those of configurations.',
  request: { headers: organizationHeaders },
  responses,
});

/** The routes of what can search the web. */
export function defineSearch(app: RestApp): void {
  defineFlat(app, capableRoute, async (context) => {
    const organizationId = await organizationOf(context);
    const models = await collect(
      allNodes(async (after) => (await context.env.graph.ask(ListCapable, { organizationId, after })).models),
    );
    return answer(models.map((model) => describe(model.id, model, model.keyStatus)));
  });

  defineFlat(app, configuredRoute, async (context) => {
    const organizationId = await organizationOf(context);
    const configs = await collect(
      allNodes(async (after) => (await context.env.graph.ask(ListConfigured, { organizationId, after })).modelConfigs),
    );
    return answer(configs.flatMap(({ id, model, keyStatus }) => (model ? [describe(id, model, keyStatus)] : [])));
  });
}

function describe(
  id: string,
  { displayName, provider, providerDisplayName, supportsCustomKey }: RestModelFragment,
  keyStatus: GraphKeyStatus,
): z.output<typeof SearchItem> {
  return {
    id,
    name: displayName,
    provider,
    displayLabel: `${displayName} (${providerDisplayName})`,
    supportsCustomKey,
    keyStatus: lowerCased(keyStatus),
  };
}

function answer(data: z.output<typeof SearchItem>[]): Response {
  return Response.json({ data, total: data.length } satisfies z.output<typeof SearchItemList>);
}
