import { createRoute, z } from '@hono/zod-openapi';
import { defineFlat, flatErrorResponses } from '../flat-errors.ts';
import { forId } from '../for-id.ts';
import { graphql } from '../generated/gql.ts';
import type { RotateProviderKeyInput, UpdateProviderKeyInput } from '../generated/graphql.ts';
import type { Graph } from '../graph.ts';
import { accepted } from '../http-error.ts';
import { changeHeaders } from '../organization-of.ts';
import { readBody } from '../read-body.ts';
import type { RestApp } from '../wire.ts';
import { ProviderKeyChange } from './input.ts';
import { acceptedKey, ProviderKeyAnswer, toProviderKey } from './key.ts';

const UpdateKey = graphql(`
  mutation RestUpdateProviderKey($input: UpdateProviderKeyInput!) {
    updateProviderKey(input: $input) {
      __typename
      ...RestProviderKey
      ...RestRefusal
    }
  }
`);

const RotateKey = graphql(`
  mutation RestRotateProviderKey($input: RotateProviderKeyInput!) {
    rotateProviderKey(input: $input) {
      __typename
      ...RestProviderKey
      ...RestRefusal
    }
  }
`);

const DeleteKey = graphql(`
  mutation RestDeleteProviderKey($id: ID!) {
    deleteProviderKey(input: { id: $id, detach: true }) {
      __typename
      ...RestRefusal
    }
  }
`);

const Deleted = z.object({ success: z.literal(true) });

const request = { params: z.object({ id: z.string().openapi({ example: 'key_…' }) }), headers: changeHeaders };

const updateRoute = createRoute({
  method: 'patch',
  path: '/v1/provider-keys/{id}',
  summary: 'Renames a provider key, switches it on or off, or gives it a new value: all of it, or nothing',
  request: { ...request, body: { required: true, content: { 'application/json': { schema: ProviderKeyChange } } } },
  responses: {
    200: { description: 'What may be told of it now.', content: { 'application/json': { schema: ProviderKeyAnswer } } },
    ...flatErrorResponses(400, 404, 409, 413, 415, 422),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: '/v1/provider-keys/{id}',
  summary: 'Deletes a provider key; configurations that use it go on without it',
  request,
  responses: {
    200: { description: 'It is gone.', content: { 'application/json': { schema: Deleted } } },
    ...flatErrorResponses(400, 404, 409, 422),
  },
});

const keyId = { prefix: 'key', malformed: 'Invalid provider key ID', absent: 'Provider key not found' };

/** The routes that change one provider key. */
export function defineChanges(app: RestApp): void {
  defineFlat(
    app,
    updateRoute,
    forId(keyId, async (context, id) => {
      const { graph } = context.env;
      const given = await readBody(context, ProviderKeyChange, () => updateKey(graph, { id }));
      const { apiKey: secret, name, isActive } = given;
      const change = { id, name, isActive };
      const key = await (secret === undefined ? updateKey(graph, change) : rotateKey(graph, { ...change, secret }));
      return Response.json({ providerKey: toProviderKey(key) } satisfies z.output<typeof ProviderKeyAnswer>);
    }),
  );

  defineFlat(
    app,
    deleteRoute,
    forId(keyId, async ({ env }, id) => {
      const { deleteProviderKey } = await env.graph.ask(DeleteKey, { id });
      accepted(deleteProviderKey, 'DeleteProviderKeyPayload');
      return Response.json({ success: true } satisfies z.output<typeof Deleted>);
    }),
  );
}

async function updateKey(graph: Graph, input: UpdateProviderKeyInput) {
  return acceptedKey((await graph.ask(UpdateKey, { input })).updateProviderKey);
}

async function rotateKey(graph: Graph, input: RotateProviderKeyInput) {
  return acceptedKey((await graph.ask(RotateKey, { input })).rotateProviderKey);
}
