import { isRetryable } from '../../errors/base.ts';
import { define } from '../define.ts';
import { list, mutation, query } from '../documents.ts';
import { modelConfigs } from '../flat-errors.ts';
import type { Graph } from '../graph.ts';
import { HttpError } from '../http-error.ts';
import type { Row } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { ModelConfig } from './config.ts';
import { ModelConfigCreation } from './input.ts';
import { listOf } from './model.ts';

const readConfigs = list('RestConfigs', 'modelConfigs', ModelConfig.paths, {
  beforeOthers: (graph, organizationId) => graph.refuseLongSettings(organizationId),
});
const readDefault = query(`query RestDefault($organizationId: ID!) {
  organization(id: $organizationId) { revision effectiveDefaultModel { model { provider modelId } } }
}`);
const createConfig = mutation('createModelConfig', 'ModelConfig', ModelConfig.paths);

const ModelConfigList = listOf(ModelConfig, 'ModelConfigList');

/** The routes of all configurations. */
export function defineList(app: RestApp): void {
  define(app, modelConfigs, 'GET /v1/model-configs', {
    operationId: 'listModelConfigs',
    summary: "List the caller's configurations, and those that the organization shares",
    description:
      'Where there are none, the first is made: one of the default model of the organization, as the default of the caller. API keys have none of their own.',
    access: 'readOrganization',
    answer: [200, 'All configurations, the oldest first.', ModelConfigList.schema],
    handle: async ({ graph, organizationId, context }) => {
      const body = ModelConfigList.show(await listConfigs(graph, organizationId));
      return new Response(context.env.options.writeJson(body), { headers: { 'content-type': 'application/json' } });
    },
  });

  define(app, modelConfigs, 'POST /v1/model-configs', {
    operationId: 'createModelConfig',
    summary: 'Configure a model',
    description: 'The configuration is the caller’s own, switched on, and not the default.',
    access: 'writeOwnConfigs',
    permission: 'writeOwnConfigs',
    body: ModelConfigCreation,
    examples: {
      own: {
        summary: "Adds a configuration of the caller's own, which is not the default.",
        value: { provider: 'openai', modelId: 'gpt-4.1', settings: { maxTokens: 1000, temperature: 0.7 } },
      },
    },
    answer: [201, 'The configuration that was created.', ModelConfig.schema],
    handle: async ({ graph, organizationId, body }) =>
      ModelConfig.show(await createConfig(graph, { organizationId, ...body })),
  });
}

/** How often a first configuration is tried for, while others change the organization. */
const attempts = 5;

async function listConfigs(graph: Graph, organizationId: string): Promise<Row[]> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    // Read before the list, so that whatever the list misses is a conflict.
    const { organization } = await readDefault(graph, { organizationId });
    const configs = await readConfigs(graph, organizationId);
    const model = organization?.effectiveDefaultModel.model;
    if (configs.length > 0 || !model) return configs;

    const expectedRevision = organization.revision;
    try {
      return [await createConfig(graph, { organizationId, ...model, isDefault: true, expectedRevision })];
    } catch (error) {
      if (!(error instanceof HttpError) || isRetryable(error.code)) throw error;
      // One who may not have configurations, as an API key, has none.
      if (error.code !== 'REVISION_CONFLICT') return [];
    }
  }
  return [];
}
