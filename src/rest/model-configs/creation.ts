import { createRoute } from '@hono/zod-openapi';
import { defineFlat, flatErrorResponses } from '../flat-errors.ts';
import { graphql } from '../generated/gql.ts';
import type { CreateModelConfigInput, RestCreateConfigMutation } from '../generated/graphql.ts';
import type { Graph } from '../graph.ts';
import { accepted } from '../http-error.ts';
import { changeHeaders, organizationHeaders, organizationOf } from '../organization-of.ts';
import { readBody } from '../read-body.ts';
import type { RestApp } from '../wire.ts';
import { ModelConfig, toConfig } from './config.ts';
import { ModelConfigCreation } from './input.ts';

const CreateConfig = graphql(`
  mutation RestCreateConfig($input: CreateModelConfigInput!) {
    createModelConfig(input: $input) {
      __typename
      ...RestConfig
      ...RestRefusal
    }
  }
`);

const route = createRoute({
  method: 'post',
  path: '/v1/model-configs',
  summary: "Configures a model, as the caller's own",
  request: {
    headers: organizationHeaders.extend(changeHeaders.shape),
    body: { required: true, content: { 'application/json': { schema: ModelConfigCreation } } },
  },
  responses: {
    201: { description: 'The configuration.', content: { 'application/json': { schema: ModelConfig } } },
    ...flatErrorResponses(400, 409, 413, 415, 422),
  },
});

/** The route that creates a configuration. */
export function defineCreation(app: RestApp): void {
  defineFlat(app, route, async (context) => {
    const { graph } = context.env;
    const organizationId = await organizationOf(context);
    const body = await readBody(context, ModelConfigCreation, () => refuseWhoMayNot(graph, organizationId));
    const config = accepted(await createConfig(graph, { organizationId, ...body }), 'ModelConfig');
    return Response.json(toConfig(config), { status: 201 });
  });
}

/** A new configuration, or why there is none. */
export async function createConfig(
  graph: Graph,
  input: Omit<CreateModelConfigInput, 'scope' | 'isEnabled' | 'isDefault'> & { isDefault?: boolean },
): Promise<RestCreateConfigMutation['createModelConfig']> {
  return (await graph.ask(CreateConfig, { input })).createModelConfig;
}

/** Asks for what can never be created, so that all that is found out is whether the caller may ask for it. */
async function refuseWhoMayNot(graph: Graph, organizationId: string): Promise<void> {
  const result = await createConfig(graph, { organizationId, provider: '', modelId: '' });
  if (result.__typename !== 'ValidationError') accepted(result, 'ModelConfig');
}
