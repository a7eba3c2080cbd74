import { authorizeScopes } from '../../auth/delegation.ts';
import { authorizeBy, type Delegations } from '../../auth/permissions.ts';
import type { Viewer } from '../../auth/viewer.ts';
import { type CreatedApiKey, createApiKey, revokeApiKey } from '../../domain/keys/api-key-change.ts';
import { ForbiddenError, NotFoundError, UnauthenticatedError, ValidationError } from '../../errors/base.ts';
import { builder } from '../builder.ts';
import { ApiKey, ApiKeyScope } from './api-key.ts';

const CreateApiKeyPayload = builder.objectRef<CreatedApiKey>('CreateApiKeyPayload').implement({
  description: 'A new API key and its token.',
  fields: (t) => ({
    apiKey: t.field({ type: ApiKey, description: 'The key.', resolve: ({ apiKey }) => apiKey }),
    secret: t.exposeString('secret', {
      description:
        'The token for `Authorization: Bearer`. It is shown only once: the service stores nothing but its hash.',
    }),
  }),
});

builder.mutationField('createApiKey', (t) =>
  t.fieldWithInput({
    type: CreateApiKeyPayload,
    description:
      'Gives a service access to an organization. For owners, and for admins where `apiKeyManagers` says so; no API key may.',
    errors: {
      types: [ValidationError, ForbiddenError, UnauthenticatedError],
      union: { name: 'CreateApiKeyResult', description: 'The new key and its token, or why there is none.' },
    },
    typeOptions: { name: 'CreateApiKeyInput', description: 'Access for a service.' },
    argOptions: { description: 'The organization and the access.' },
    input: {
      organizationId: t.input.id({ required: true, description: 'The id of the organization.' }),
      name: t.input.string({ required: true, description: 'A name for people, of 1 to 100 characters.' }),
      scopes: t.input.field({
        type: [ApiKeyScope],
        required: true,
        description:
          'What it may do; at least one. An admin gives what it may do itself: all but `KEYS_USE`, by which the plaintext of provider keys is told.',
      }),
      expiresAt: t.input.field({
        type: 'DateTime',
        description: 'When it expires; absent: never.',
      }),
    },
    authScopes: (_root, { input }) => ({ manageApiKeys: input.organizationId }),
    resolve: (_root, { input: { organizationId, ...key } }, { database, viewer, actor, now, limits }) => {
      authorizeScopes(viewer, key.scopes, organizationId);
      const authorize = managerOf(viewer, organizationId);
      return createApiKey(database(), { organizationId, actor: actor(), authorize, now, limits }, key);
    },
  }),
);

builder.mutationField('revokeApiKey', (t) =>
  t.fieldWithInput({
    type: ApiKey,
    description: 'Revokes an API key for good: the next request with it is refused. For those who may create one.',
    errors: {
      types: [NotFoundError, ValidationError, ForbiddenError, UnauthenticatedError],
      union: { name: 'RevokeApiKeyResult', description: 'The revoked key, or why it was not revoked.' },
    },
    typeOptions: { name: 'RevokeApiKeyInput', description: 'An API key to revoke.' },
    argOptions: { description: 'The key.' },
    input: { id: t.input.id({ required: true, description: 'The id of the key.' }) },
    authScopes: (_root, { input }) => ({ managesApiKey: input.id }),
    resolve: async (_root, { input: { id } }, { database, viewer, actor, apiKeys }) => {
      const organizationId = await apiKeys.owners.load(id);
      if (organizationId === null) throw new NotFoundError();
      return revokeApiKey(
        database(),
        { organizationId, actor: actor(), authorize: managerOf(viewer, organizationId) },
        id,
      );
    },
  }),
);

/** Whether the viewer still manages API keys is decided anew by the settings under the lock: they may just have changed. */
function managerOf(viewer: Viewer, organizationId: string) {
  return (settings: Delegations) => authorizeBy(settings, viewer, 'manageApiKeys', organizationId);
}
