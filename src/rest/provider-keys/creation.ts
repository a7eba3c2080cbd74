import { createRoute, type z } from '@hono/zod-openapi';
import { defineFlat, flatErrorResponses } from '../flat-errors.ts';
import { graphql } from '../generated/gql.ts';
import type { CreateProviderKeyInput, RestCreateProviderKeyMutation } from '../generated/graphql.ts';
import type { Graph } from '../graph.ts';
import { changeHeaders, organizationHeaders, organizationOf } from '../organization-of.ts';
import { readBody } from '../read-body.ts';
import type { RestApp } from '../wire.ts';
import { ProviderKeyCreation } from './input.ts';
import { acceptedKey, ProviderKeyAnswer, toProviderKey } from './key.ts';

const CreateKey = graphql(`
  mutation RestCreateProviderKey($input: CreateProviderKeyInput!) {
    createProviderKey(input: $input) {
      __typename
      ...RestProviderKey
      ...RestRefusal
    }
  }
`);

const route = createRoute({
  method: 'post',
  path: '/v1/provider-keys',
  summary: "Keeps an organization's own key at a provider, sealed",
  request: {
    headers: organizationHeaders.extend(changeHeaders.shape),
    body: { required: true, content: { 'application/json': { schema: ProviderKeyCreation } } },
  },
  responses: {
    201: { description: 'What may be told of it.', content: { 'application/json': { schema: ProviderKeyAnswer } } },
    ...flatErrorResponses(400, 409, 413, 415, 422),
  },
});

/** The route that creates a provider key. */
export function defineCreation(app: RestApp): void {
  defineFlat(app, route, async (context) => {
    const { graph } = context.env;
    const organizationId = await organizationOf(context);
    const given = await readBody(context, ProviderKeyCreation, () => refuseWhoMayNot(graph, organizationId));
    const { apiKey: secret, name, provider } = given;
    const result = await createKey(graph, { organizationId, secret, name, provider });
    const body: z.output<typeof ProviderKeyAnswer> = { providerKey: toProviderKey(acceptedKey(result)) };
    return Response.json(body, { status: 201 });
  });
}

async function createKey(
  graph: Graph,
  input: CreateProviderKeyInput,
): Promise<RestCreateProviderKeyMutation['createProviderKey']> {
  return (await graph.ask(CreateKey, { input })).createProviderKey;
}

/** Asks for what can never be created, so that all that is found out is whether the caller may ask for it. */
async function refuseWhoMayNot(graph: Graph, organizationId: string): Promise<void> {
  const result = await createKey(graph, { organizationId, provider: '', name: '', secret: '' });
  if (result.__typename !== 'ValidationError') acceptedKey(result);
}
