import { z } from '@hono/zod-openapi';
import { list, mutation } from '../documents.ts';
import { spelledAs } from '../faults.ts';
import { providerKeys } from '../flat-errors.ts';
import type { Graph } from '../graph.ts';
import { define } from '../route.ts';
import type { Row } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { ProviderKeyChange, ProviderKeyCreation } from './input.ts';
import { ProviderKey } from './key.ts';

const listKeys = list('RestProviderKeys', 'providerKeys', ProviderKey.paths);
const createKey = mutation('createProviderKey', 'ProviderKey', ProviderKey.paths);
const updateKey = mutation('updateProviderKey', 'ProviderKey', ProviderKey.paths);
const rotateKey = mutation('rotateProviderKey', 'ProviderKey', ProviderKey.paths);
const deleteKey = mutation('deleteProviderKey');

const ProviderKeyList = z.object({ providerKeys: z.array(ProviderKey.schema) }).openapi('ProviderKeyList');
const ProviderKeyAnswer = z.object({ providerKey: ProviderKey.schema }).openapi('ProviderKeyAnswer');
const listed = [200, 'By provider, the oldest first.', ProviderKeyList] as const;

/** `/v1/provider-keys…`, as the second of the two systems speaks. */
export function defineProviderKeyRoutes(app: RestApp): void {
  define(app, providerKeys, 'GET /v1/provider-keys', {
    summary: "The organization's keys at providers",
    answer: listed,
    handle: async ({ graph, organizationId }) => show(await listKeys(graph, organizationId)),
  });

  define(app, providerKeys, 'GET /v1/provider-keys/provider/{provider}', {
    summary: "The organization's keys at one provider",
    answer: listed,
    handle: async ({ graph, organizationId, context }) => {
      const keys = await listKeys(graph, organizationId);
      return show(keys.filter(({ provider }) => provider === context.req.param('provider')));
    },
  });

  define(app, providerKeys, 'POST /v1/provider-keys', {
    summary: "Keeps an organization's own key at a provider, sealed",
    permission: 'manageProviderKeys',
    body: ProviderKeyCreation,
    answer: [201, 'What may be told of it.', ProviderKeyAnswer],
    handle: ({ graph, organizationId, body: { apiKey: secret, name, provider } }) =>
      change(createKey, graph, { organizationId, secret, name, provider }),
  });

  define(app, providerKeys, 'PATCH /v1/provider-keys/{id}', {
    summary: 'Renames a provider key, switches it on or off, or gives it a new value: all of it, or nothing',
    permission: 'managesProviderKey',
    body: ProviderKeyChange,
    answer: [200, 'What may be told of it now.', ProviderKeyAnswer],
    handle: ({ graph, id, body: { apiKey: secret, name, isActive } }) =>
      secret === undefined
        ? change(updateKey, graph, { id, name, isActive })
        : change(rotateKey, graph, { id, name, isActive, secret }),
  });

  define(app, providerKeys, 'DELETE /v1/provider-keys/{id}', {
    summary: 'Deletes a provider key; configurations that use it go on without it',
    answer: [200, 'It is gone.', z.object({ success: z.literal(true) })],
    handle: async ({ graph, id }) => {
      await deleteKey(graph, { id, detach: true });
      return { success: true };
    },
  });
}

function show(keys: readonly Row[]) {
  return { providerKeys: keys.map(ProviderKey.show) };
}

/** The key after a change. What is said against `secret` is said against `apiKey`, as this system calls it. */
async function change(mutate: typeof createKey, graph: Graph, input: Row) {
  try {
    return { providerKey: ProviderKey.show(await mutate(graph, input)) };
  } catch (error) {
    throw spelledAs(error, (field) => (field === 'secret' ? 'apiKey' : field));
  }
}
