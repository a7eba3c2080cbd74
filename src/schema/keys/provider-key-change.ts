import type { Context } from '../../context.ts';
import {
  createProviderKey,
  type ProviderKeysChange,
  rotateProviderKey,
  updateProviderKey,
} from '../../domain/keys/provider-key-change.ts';
import {
  ForbiddenError,
  NotFoundError,
  RevisionConflictError,
  UnauthenticatedError,
  ValidationError,
} from '../../errors/base.ts';
import { InvalidProviderSlugError } from '../../errors/models.ts';
import { builder } from '../builder.ts';
import { ProviderKey } from './provider-key.ts';

const errorTypes = [RevisionConflictError, ValidationError, NotFoundError, ForbiddenError, UnauthenticatedError];
const secretDescription =
  'The key as the provider issued it: 8 to 4096 visible ASCII characters. It is encrypted at once, and never shown again.';
const descriptions = { name: 'A name for people, of 1 to 100 characters.', isActive: 'Whether it is switched on.' };
const expectedRevision = { description: 'Refuses the change if the organization is at another revision than this.' };

/** The actor and the organization of a change of this key. The field's scope has checked that it exists. */
export async function changeOf(id: string, { actor, providerKeys }: Context): Promise<ProviderKeysChange> {
  const organizationId = await providerKeys.owners.load(id);
  if (organizationId === null) throw new NotFoundError();
  return { organizationId, actor: actor() };
}

builder.mutationField('createProviderKey', (t) =>
  t.fieldWithInput({
    type: ProviderKey,
    description: "Stores an organization's own key at a provider, encrypted. For owners and admins.",
    errors: {
      types: [InvalidProviderSlugError, RevisionConflictError, ValidationError, ForbiddenError, UnauthenticatedError],
      union: { name: 'CreateProviderKeyResult', description: 'The new key, or why there is none.' },
    },
    typeOptions: { name: 'CreateProviderKeyInput', description: 'A key at a provider.' },
    argOptions: { description: 'The organization and the key.' },
    input: {
      organizationId: t.input.id({ required: true, description: 'The id of the organization.' }),
      provider: t.input.string({ required: true, description: "The provider's slug, such as `openai`." }),
      name: t.input.string({ required: true, description: descriptions.name }),
      secret: t.input.string({ required: true, description: secretDescription }),
      isActive: t.input.boolean({ defaultValue: true, description: descriptions.isActive }),
      expectedRevision: t.input.int(expectedRevision),
    },
    authScopes: (_root, { input }) => ({ manageProviderKeys: input.organizationId }),
    resolve: (_root, { input: { organizationId, ...key } }, { database, vault, actor, limits }) =>
      createProviderKey(database(), vault(), { organizationId, actor: actor(), limits }, key),
  }),
);

builder.mutationField('updateProviderKey', (t) =>
  t.fieldWithInput({
    type: ProviderKey,
    description:
      'Renames a provider key, or switches it on or off. A field that is not given stays as it is. For owners and admins.',
    errors: {
      types: errorTypes,
      union: { name: 'UpdateProviderKeyResult', description: 'The key after the change, or why there was none.' },
    },
    typeOptions: { name: 'UpdateProviderKeyInput', description: 'A partial change of a provider key.' },
    argOptions: { description: 'The key and the change.' },
    input: {
      id: t.input.id({ required: true, description: 'The id of the key.' }),
      name: t.input.string({ description: descriptions.name }),
      isActive: t.input.boolean({ description: descriptions.isActive }),
      expectedRevision: t.input.int(expectedRevision),
    },
    authScopes: (_root, { input }) => ({ managesProviderKey: input.id }),
    resolve: async (_root, { input: { id, ...change } }, context) =>
      updateProviderKey(context.database(), context.vault(), await changeOf(id, context), id, change),
  }),
);

builder.mutationField('rotateProviderKey', (t) =>
  t.fieldWithInput({
    type: ProviderKey,
    description:
      'Replaces the secret of a provider key. Its id stays the same, so that its configurations keep working. A field that is not given stays as it is. For owners and admins.',
    errors: {
      types: errorTypes,
      union: { name: 'RotateProviderKeyResult', description: 'The key after the change, or why there was none.' },
    },
    typeOptions: { name: 'RotateProviderKeyInput', description: 'A new secret of a provider key.' },
    argOptions: { description: 'The key and its new secret.' },
    input: {
      id: t.input.id({ required: true, description: 'The id of the key.' }),
      secret: t.input.string({ required: true, description: secretDescription }),
      name: t.input.string({ description: descriptions.name }),
      isActive: t.input.boolean({ description: descriptions.isActive }),
      expectedRevision: t.input.int(expectedRevision),
    },
    authScopes: (_root, { input }) => ({ managesProviderKey: input.id }),
    resolve: async (_root, { input: { id, ...change } }, context) =>
      rotateProviderKey(context.database(), context.vault(), await changeOf(id, context), id, change),
  }),
);
