import { z } from '@hono/zod-openapi';
import { define } from '../define.ts';
import { list, mutation, query, selectionOf } from '../documents.ts';
import { spelledAs } from '../faults.ts';
import { providerKeys } from '../flat-errors.ts';
import type { Graph } from '../graph.ts';
import { organizationHeader } from '../organization-of.ts';
import { type Row, view } from '../view.ts';
import type { RestApp } from '../wire.ts';
import { ProviderKeyChange, ProviderKeyCreation } from './input.ts';
import { ProviderKey } from './key.ts';

const listKeys = list('RestProviderKeys', 'providerKeys', ProviderKey.paths);
const createKey = mutation('createProviderKey', 'ProviderKey', ProviderKey.paths);
const updateKey = mutation('updateProviderKey', 'ProviderKey', ProviderKey.paths);
const rotateKey = mutation('rotateProviderKey', 'ProviderKey', ProviderKey.paths);
const deleteKey = mutation('deleteProviderKey');

const ProviderKeyList = z
  .object({ providerKeys: z.array(ProviderKey.schema).describe('The keys.') })
  .openapi('ProviderKeyList', { description: 'Keys of the organization at providers.' });
const ProviderKeyAnswer = z
  .object({ providerKey: ProviderKey.schema })
  .openapi('ProviderKeyAnswer', { description: 'One key of the organization at a provider.' });
const Deleted = z
  .object({ success: z.literal(true).describe('Always true.') })
  .openapi('ProviderKeyDeleted', { description: 'The key was deleted.' });
const Secret = view(
  {
    secret: z.string().openapi({ description: 'The key as the provider issued it. Neither store nor log it.' }),
    provider: z.string().openapi({ description: "The provider's slug.", example: 'openai' }),
  },
  'ProviderKeySecret',
  { description: 'The plaintext of a provider key.' },
);
const readSecret = query(`query RestProviderKeySecret($id: ID!) {
  key: providerKeySecret(id: $id) { ${selectionOf(Secret.paths)} }
}`);
const listed = [200, 'All of them: ordered by provider, then the oldest first.', ProviderKeyList] as const;

/** `/v1/provider-keys…`, as the second of the two systems speaks. */
export function defineProviderKeyRoutes(app: RestApp): void {
  define(app, providerKeys, 'GET /v1/provider-keys', {
    operationId: 'listProviderKeys',
    summary: "List the organization's keys at providers",
    description: 'Shown is what may be known of a key, which is not its value.',
    access: 'manageProviderKeys',
    answer: listed,
    handle: async ({ graph, organizationId }) => show(await listKeys(graph, organizationId)),
  });

  define(app, providerKeys, 'GET /v1/provider-keys/provider/{provider}', {
    operationId: 'listProviderKeysOfProvider',
    summary: "List the organization's keys at one provider",
    description: 'As `GET /v1/provider-keys`, of one provider.',
    access: 'manageProviderKeys',
    answer: listed,
    handle: async ({ graph, organizationId, context }) => {
      const keys = await listKeys(graph, organizationId);
      return show(keys.filter(({ provider }) => provider === context.req.param('provider')));
    },
  });

  define(app, providerKeys, 'POST /v1/provider-keys', {
    operationId: 'createProviderKey',
    summary: "Store a key of the organization's own at a provider",
    description: 'It is encrypted before it is stored. A value that looks masked, or like a placeholder, is refused.',
    access: 'manageProviderKeys',
    permission: 'manageProviderKeys',
    body: ProviderKeyCreation,
    examples: {
      placeholders: {
        summary: 'A template. It is refused until the placeholder is replaced by a key.',
        value: { provider: 'openai', name: 'Production', apiKey: '<the key, as the provider issued it>' },
      },
    },
    answer: [201, 'The key was stored. Shown is what may be known of it.', ProviderKeyAnswer],
    handle: ({ graph, organizationId, body: { apiKey: secret, name, provider } }) =>
      change(createKey, graph, { organizationId, secret, name, provider }),
  });

  define(app, providerKeys, 'PATCH /v1/provider-keys/{id}', {
    operationId: 'updateProviderKey',
    summary: 'Rename a provider key, switch it on or off, or replace its value',
    description: 'A field that is not given stays. The change is made as a whole, or refused and nothing is changed.',
    access: 'manageProviderKeys',
    permission: 'managesProviderKey',
    body: ProviderKeyChange,
    examples: {
      placeholders: {
        summary: 'A template. It is refused until the placeholder is replaced by a key, or taken out.',
        value: { name: 'Production', apiKey: '<the new key, as the provider issued it>' },
      },
    },
    answer: [200, 'What may be known of the key after the change.', ProviderKeyAnswer],
    handle: ({ graph, id, body: { apiKey: secret, name, isActive } }) =>
      secret === undefined
        ? change(updateKey, graph, { id, name, isActive })
        : change(rotateKey, graph, { id, name, isActive, secret }),
  });

  define(app, providerKeys, 'POST /v1/provider-keys/{id}/secret', {
    operationId: 'readProviderKeySecret',
    summary: 'Get the plaintext of a provider key',
    description:
      'For the service that calls the provider. A POST, since each use is recorded, with the key of the service; nothing of the answer is stored, and an `Idempotency-Key` has no effect. An inactive key is refused.',
    access: 'useProviderKeys',
    permission: 'usesProviderKey',
    isSecret: true,
    headers: { 'X-Organization-Id': organizationHeader },
    answer: [200, 'The plaintext.', Secret.schema],
    handle: async ({ graph, id }) => {
      const { key } = await readSecret(graph, { id });
      return Response.json(Secret.show(key), { headers: { 'cache-control': 'no-store' } });
    },
  });

  define(app, providerKeys, 'DELETE /v1/provider-keys/{id}', {
    operationId: 'deleteProviderKey',
    summary: 'Delete a provider key',
    description: 'Configurations that use it stay, and name no key afterwards.',
    access: 'manageProviderKeys',
    answer: [200, 'The key was deleted.', Deleted],
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
