import { z } from 'zod';
import { authorizeIn } from '../../auth/delegation.ts';
import { apiKeyIdOf } from '../../auth/viewer.ts';
import {
  type ApiKeyKey,
  type ApiKeyScope as ApiKeyScopeName,
  type ApiKey as ApiKeyShape,
  type ApiKeyStatus as ApiKeyStatusName,
  apiKeyColumns,
  apiKeyScopes,
  apiKeyStatusOf,
} from '../../domain/keys/api-key.ts';
import { findOrganization, findUser } from '../belonging.ts';
import { builder } from '../builder.ts';
import { cursorTime, keysetConnection } from '../connection.ts';
import { Organization } from '../organizations/organization.ts';
import { User } from '../organizations/user.ts';
import { Viewer } from '../organizations/viewer.ts';

export const ApiKeyScope = builder.enumType('ApiKeyScope', {
  description: 'What an API key may do.',
  values: {
    READ: { value: 'read', description: 'Read the organization, and ask for decisions.' },
    USAGE_WRITE: { value: 'usage:write', description: 'Report the usage of models.' },
    KEYS_USE: { value: 'keys:use', description: "Get the plaintext of the organization's provider keys." },
    SETTINGS_WRITE: { value: 'settings:write', description: "Change the organization's model settings." },
  } satisfies Record<string, { value: ApiKeyScopeName; description: string }>,
});

const ApiKeyStatus = builder.enumType('ApiKeyStatus', {
  description: 'Whether an API key is accepted.',
  values: {
    ACTIVE: { description: 'It is accepted.' },
    EXPIRED: { description: 'It has expired.' },
    REVOKED: { description: 'It was revoked, for good.' },
  } satisfies Record<ApiKeyStatusName, { description: string }>,
});

export const ApiKey = builder.prismaObject('ApiKey', {
  interfaces: [builder.nodeInterfaceRef()],
  select: apiKeyColumns,
  description:
    "A service's access to one organization. Visible to those who manage API keys, and to the service itself.",
  visible: ({ id, organizationId }, context) =>
    apiKeyIdOf(context.viewer) === id || authorizeIn(context, 'manageApiKeys', organizationId),
  fields: (t) => ({
    id: t.id({ description: 'The id: `api_…`.', resolve: ({ id }) => id }),
    organization: t.field({
      type: Organization,
      nullable: true,
      description: 'The one organization that it acts in; null, with an error, for a service that may not read it.',
      resolve: ({ organizationId }, _args, context) => findOrganization(organizationId, context),
    }),
    name: t.string({ description: 'A name for people.', resolve: ({ name }) => name }),
    scopes: t.field({
      type: [ApiKeyScope],
      description: 'What it may do.',
      resolve: ({ scopes }) => apiKeyScopes.filter((scope) => scopes.includes(scope)),
    }),
    last4: t.string({ description: 'The last four characters of its token.', resolve: ({ last4 }) => last4 }),
    createdBy: t.field({
      type: User,
      nullable: true,
      description: 'The user who created it; null, with an error, for a service that may not read.',
      resolve: ({ createdById }, _args, context) => findUser(createdById, context),
    }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was created.', resolve: (key) => key.createdAt }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it expires; null if it never does.',
      resolve: ({ expiresAt }) => expiresAt,
    }),
    revokedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked; null if it was not.',
      resolve: ({ revokedAt }) => revokedAt,
    }),
    status: t.field({
      type: ApiKeyStatus,
      description: 'Whether it is accepted.',
      resolve: (key, _args, { now }) => apiKeyStatusOf(key, now),
    }),
  }),
});

builder.prismaObjectField('Organization', 'apiKeys', (t) =>
  t.connection(
    {
      type: ApiKey,
      // A viewer who may not read them gets null here, and can still read the rest of the organization.
      nullable: true,
      description:
        'The API keys of its services, newest first, including expired and revoked ones. For owners, and for admins where `apiKeyManagers` says so.',
      authScopes: ({ id }) => ({ manageApiKeys: id }),
      resolve: ({ id }, args, { apiKeys, limits }) =>
        keysetConnection({
          args,
          maxSize: limits.pageSize,
          key: z.tuple([cursorTime, z.string()]),
          keyOf: ({ createdAt, id }: ApiKeyShape): ApiKeyKey => [createdAt.toISOString(), id],
          load: (page) => apiKeys.pages.load({ ownerId: id, page }),
          totalCount: () => apiKeys.counts.load(id),
        }),
    },
    { name: 'ApiKeyConnection', description: 'A page of API keys.' },
    { name: 'ApiKeyEdge', description: 'An API key on a page.' },
  ),
);

builder.objectField(Viewer, 'apiKey', (t) =>
  t.field({
    type: ApiKey,
    nullable: true,
    description: 'The API key of a service; null for any other caller.',
    resolve: (viewer, _args, { apiKeys }) => {
      const id = apiKeyIdOf(viewer);
      return id === null ? null : apiKeys.byId.load(id);
    },
  }),
);
