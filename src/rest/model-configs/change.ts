import { createRoute, z } from '@hono/zod-openapi';
import { defineFlat, flatErrorResponses } from '../flat-errors.ts';
import { forId } from '../for-id.ts';
import { graphql } from '../generated/gql.ts';
import type { UpdateModelConfigInput } from '../generated/graphql.ts';
import type { Graph } from '../graph.ts';
import { accepted } from '../http-error.ts';
import { changeHeaders } from '../organization-of.ts';
import { readBody } from '../read-body.ts';
import type { RestApp, RestContext } from '../wire.ts';
import { ModelConfig, toConfig } from './config.ts';
import { ModelConfigChange, ModelConfigStatus, Nothing } from './input.ts';

const UpdateConfig = graphql(`
  mutation RestUpdateConfig($input: UpdateModelConfigInput!) {
    updateModelConfig(input: $input) {
      __typename
      ...RestConfig
      ...RestRefusal
    }
  }
`);

const DeleteConfig = graphql(`
  mutation RestDeleteConfig($input: DeleteModelConfigInput!) {
    deleteModelConfig(input: $input) {
      __typename
      ...RestRefusal
    }
  }
`);

const Done = z.object({ success: z.literal(true), message: z.string() });
const DoneWithConfig = Done.extend({ data: ModelConfig });

const request = { params: z.object({ id: z.string().openapi({ example: 'cfg_…' }) }), headers: changeHeaders };
const jsonOf = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });

const updateRoute = createRoute({
  method: 'put',
  path: '/v1/model-configs/{id}',
  summary: 'Changes a configuration; provider and model never change',
  request: { ...request, body: { required: true, ...jsonOf(ModelConfigChange) } },
  responses: {
    200: { description: 'The configuration now.', ...jsonOf(ModelConfig) },
    ...flatErrorResponses(400, 404, 409, 413, 415, 422),
  },
});

const statusRoute = createRoute({
  method: 'patch',
  path: '/v1/model-configs/{id}/status',
  summary: 'Switches a configuration on or off',
  request: { ...request, body: { required: true, ...jsonOf(ModelConfigStatus) } },
  responses: {
    200: { description: 'It is so.', ...jsonOf(Done) },
    ...flatErrorResponses(400, 404, 409, 413, 415, 422),
  },
});

const defaultRoute = createRoute({
  method: 'patch',
  path: '/v1/model-configs/{id}/default',
  summary: 'Makes a configuration the default of its owner; the other is one no more',
  request: { ...request, body: { required: false, ...jsonOf(Nothing) } },
  responses: {
    200: { description: 'It is the default.', ...jsonOf(DoneWithConfig) },
    ...flatErrorResponses(400, 404, 409, 413, 415, 422),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: '/v1/model-configs/{id}',
  summary: 'Deletes a configuration. If it was the default, none is after it',
  request,
  responses: { 204: { description: 'It is gone.' }, ...flatErrorResponses(400, 404, 409, 422) },
});

const configId = { prefix: 'cfg', malformed: 'Invalid config ID', absent: 'Model configuration not found' };

/** The routes that change one configuration. */
export function defineChanges(app: RestApp): void {
  defineFlat(
    app,
    updateRoute,
    forId(configId, async (context, id) => {
      const change = await readChange(context, id, ModelConfigChange);
      return Response.json(toConfig(await updateConfig(context.env.graph, { id, ...change })));
    }),
  );

  defineFlat(
    app,
    statusRoute,
    forId(configId, async (context, id) => {
      const { isEnabled } = await readChange(context, id, ModelConfigStatus);
      await updateConfig(context.env.graph, { id, isEnabled });
      const message = `Model configuration ${isEnabled ? 'enabled' : 'disabled'}`;
      return Response.json({ success: true, message } satisfies z.output<typeof Done>);
    }),
  );

  defineFlat(
    app,
    defaultRoute,
    forId(configId, async (context, id) => {
      await readChange(context, id, Nothing);
      const data = toConfig(await updateConfig(context.env.graph, { id, isDefault: true }));
      const message = 'Default model configuration set';
      return Response.json({ success: true, message, data } satisfies z.output<typeof DoneWithConfig>);
    }),
  );

  defineFlat(
    app,
    deleteRoute,
    forId(configId, async ({ env }, id) => {
      const { deleteModelConfig } = await env.graph.ask(DeleteConfig, { input: { id } });
      accepted(deleteModelConfig, 'DeletedModelConfig');
      return new Response(null, { status: 204 });
    }),
  );
}

/** What the body asks for; one who may not change the configuration is told so first. */
function readChange<Schema extends z.ZodType>(
  context: RestContext,
  id: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  return readBody(context, schema, () => updateConfig(context.env.graph, { id }));
}

async function updateConfig(graph: Graph, input: UpdateModelConfigInput) {
  const { updateModelConfig } = await graph.ask(UpdateConfig, { input });
  return accepted(updateModelConfig, 'ModelConfig');
}
