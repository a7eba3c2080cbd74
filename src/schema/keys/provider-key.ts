import { z } from 'zod';
import { authorize } from '../../auth/permissions.ts';
import {
  type ProviderKeyKey,
  type ProviderKey as ProviderKeyShape,
  providerKeyColumns,
} from '../../domain/keys/provider-key.ts';
import { findOrganization } from '../belonging.ts';
import { builder } from '../builder.ts';
import { keysetConnection } from '../connection.ts';
import { Organization } from '../organizations/organization.ts';

const ProviderKeyStatus = builder.enumType('ProviderKeyStatus', {
  description: 'Whether a provider key is used.',
  values: {
    ACTIVE: { description: 'Calls of models are made with it.' },
    INACTIVE: { description: 'It is switched off: stored, but not used.' },
  },
});

// All fields read the row, by whichever list it was loaded: a field must not send its own statement.
export const ProviderKey = builder.prismaObject('ProviderKey', {
  interfaces: [builder.nodeInterfaceRef()],
  select: providerKeyColumns,
  description:
    "An organization's own key at a provider, without its plaintext. Visible to owners and admins, to services that may use it, and to those who see a configuration that uses it.",
  visible: ({ organizationId }, { viewer }) => authorize(viewer, 'readOrganization', organizationId),
  fields: (t) => ({
    id: t.id({ description: 'The id: `key_…`. It stays when the key is rotated.', resolve: ({ id }) => id }),
    organization: t.field({
      type: Organization,
      description: 'The organization whose key it is.',
      resolve: ({ organizationId }, _args, context) => findOrganization(organizationId, context),
    }),
    provider: t.string({ description: "The provider's slug, such as `openai`.", resolve: ({ provider }) => provider }),
    name: t.string({ description: 'A name for people.', resolve: ({ name }) => name }),
    last4: t.string({ description: 'The last four characters, to identify it.', resolve: ({ last4 }) => last4 }),
    isActive: t.boolean({ description: 'Whether it is switched on.', resolve: ({ isActive }) => isActive }),
    status: t.field({
      type: ProviderKeyStatus,
      description: 'Whether it is used.',
      resolve: ({ isActive }) => (isActive ? 'ACTIVE' : 'INACTIVE'),
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was created.',
      resolve: ({ createdAt }) => createdAt,
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When it was last renamed, switched or rotated.',
      resolve: ({ updatedAt }) => updatedAt,
    }),
    lastUsedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When a service was last given its plaintext; null if never.',
      resolve: ({ lastUsedAt }) => lastUsedAt,
    }),
    usageCount: t.field({
      type: 'BigInt',
      description: 'How often a service was given its plaintext.',
      resolve: ({ id }, _args, { providerKeys }) => providerKeys.usageCounts.load(id),
    }),
  }),
});

builder.prismaObjectField('Organization', 'providerKeys', (t) =>
  t.connection(
    {
      type: ProviderKey,
      // A viewer who may not read them gets null here, and can still read the rest of the organization.
      nullable: true,
      description: 'Its keys at providers, ordered by provider, then by age. For owners and admins.',
      authScopes: ({ id }) => ({ manageProviderKeys: id }),
      resolve: ({ id }, args, { providerKeys, limits }) =>
        keysetConnection({
          args,
          maxSize: limits.pageSize,
          key: z.tuple([z.string(), z.string()]),
          keyOf: ({ provider, id }: ProviderKeyShape): ProviderKeyKey => [provider, id],
          load: (page) => providerKeys.pages.load({ ownerId: id, page }),
          totalCount: () => providerKeys.counts.load(id),
        }),
    },
    { name: 'ProviderKeyConnection', description: 'A page of provider keys.' },
    { name: 'ProviderKeyEdge', description: 'A provider key on a page.' },
  ),
);
