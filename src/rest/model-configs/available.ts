import { createRoute, z } from '@hono/zod-openapi';
import { toNumber } from '../decimal.ts';
import { defineFlat, flatErrorResponses } from '../flat-errors.ts';
import { graphql } from '../generated/gql.ts';
import type { RestConfigStatesQuery } from '../generated/graphql.ts';
import type { Graph } from '../graph.ts';
import { organizationHeaders } from '../organization-of.ts';
import { allNodes } from '../pages.ts';
import type { RestApp } from '../wire.ts';
import { CatalogQuery, isConfigured, type ModelOption, readCatalog, readUsedModels } from './catalog.ts';
import { KeyStatus, lowerCased, price, tagsOf } from './model.ts';

const AvailableModel = z
  .object({
    id: z.null(),
    provider: z.string(),
    modelId: z.string(),
    displayName: z.string(),
    supportsCustomKey: z.boolean(),
    keyStatus: KeyStatus,
    costPer1kTokens: price.nullable(),
    supportsSearch: z.boolean(),
    isConfigured: z.boolean(),
    isEnabled: z.boolean().openapi({ description: 'Whether any configuration of it is.' }),
    isDefault: z.boolean().openapi({ description: 'Whether any configuration of it is.' }),
    contextLength: z.number().optional(),
    maxOutputTokens: z.number().optional(),
    supportedResponseFormats: z.array(z.string()).optional(),
    supportsStreaming: z.boolean().optional(),
    tags: z.array(z.string()).optional(),
    uiCategory: z.string().optional(),
    uiPriority: z.number().optional().openapi({ description: 'Lower first.' }),
  })
  .openapi('AvailableModel');

const AvailableModelList = z
  .object({
    data: z.array(AvailableModel),
    total: z.int(),
    stats: z.object({
      totalAvailable: z.int().openapi({ description: 'How many are listed.' }),
      uiVisible: z.int().openapi({ description: 'How many of them the organization may use.' }),
      popular: z.int().openapi({ description: 'How many of them it ever used.' }),
      configured: z.int().openapi({ description: 'How many of them are configured.' }),
    }),
  })
  .openapi('AvailableModelList');

const ReadStates = graphql(`
  query RestConfigStates($organizationId: ID!, $after: String) {
    modelConfigs(organizationId: $organizationId, after: $after) {
      edges {
        node {
          id
          isEnabled
          isDefault
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
  path: '/v1/model-configs/available',
  summary: 'The models of the catalog, and whether they are configured',
  description: 'Ask for `/v1/model-configs/grouped` instead.',
  deprecated: true,
  request: { query: CatalogQuery, headers: organizationHeaders },
  responses: {
    200: { description: 'Them, in order.', content: { 'application/json': { schema: AvailableModelList } } },
    ...flatErrorResponses(400),
  },
});

/** The route of the models of the catalog. */
export function defineAvailable(app: RestApp): void {
  defineFlat(app, route, async (context) => {
    const { organizationId, groups } = await readCatalog(context);
    const usedModels = await readUsedModels(context.env.graph, organizationId);
    const states = await readStates(context.env.graph, organizationId);
    const options = groups.flatMap((group) => group.options);
    const body: z.output<typeof AvailableModelList> = {
      data: options.map((option, index) => describe(option, index, states)),
      total: options.length,
      stats: {
        totalAvailable: options.length,
        uiVisible: options.filter(({ access }) => access.allowed).length,
        popular: options.filter(({ model }) => usedModels.has(model.id)).length,
        configured: options.filter(isConfigured).length,
      },
    };
    return Response.json(body);
  });
}

type State = RestConfigStatesQuery['modelConfigs']['edges'][number]['node'];

async function readStates(graph: Graph, organizationId: string): Promise<ReadonlyMap<string, State>> {
  const states = new Map<string, State>();
  const readPage = async (after: string | null) =>
    (await graph.ask(ReadStates, { organizationId, after })).modelConfigs;
  for await (const state of allNodes(readPage)) states.set(state.id, state);
  return states;
}

function describe(
  option: ModelOption,
  index: number,
  states: ReadonlyMap<string, State>,
): z.output<typeof AvailableModel> {
  const { model, keyStatus, modelConfigIds } = option;
  const configs = modelConfigIds.flatMap((id) => states.get(id) ?? []);
  return {
    id: null,
    provider: model.provider,
    modelId: model.modelId,
    displayName: model.displayName,
    supportsCustomKey: model.supportsCustomKey,
    keyStatus: lowerCased(keyStatus),
    costPer1kTokens: toNumber(model.costPer1kTokens),
    supportsSearch: model.supportsSearch,
    isConfigured: isConfigured(option),
    isEnabled: configs.some(({ isEnabled }) => isEnabled),
    isDefault: configs.some(({ isDefault }) => isDefault),
    contextLength: model.contextWindow ?? undefined,
    maxOutputTokens: model.maxOutputTokens ?? undefined,
    supportedResponseFormats: model.supportedResponseFormats,
    supportsStreaming: model.supportsStreaming,
    tags: tagsOf(model),
    uiCategory: model.creator,
    uiPriority: index + 1,
  };
}
