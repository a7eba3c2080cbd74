import { type DeletedProviderKey, deleteProviderKey } from '../../domain/keys/provider-key-deletion.ts';
import {
  ForbiddenError,
  NotFoundError,
  RevisionConflictError,
  UnauthenticatedError,
  ValidationError,
} from '../../errors/base.ts';
import { ProviderKeyInUseError } from '../../errors/models.ts';
import { builder } from '../builder.ts';
import { UserErrorInterface } from '../errors/user-error.ts';
import { changeOf } from './provider-key-change.ts';

builder.objectType(ProviderKeyInUseError, {
  name: 'ProviderKeyInUseError',
  description: 'Configurations use the provider key: `detach: true` removes it from them. Nothing was changed.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    modelConfigIds: t.idList({
      description: 'The ids of the configurations that use it.',
      resolve: ({ modelConfigIds }) => [...modelConfigIds],
    }),
  }),
});

const DeleteProviderKeyPayload = builder.objectRef<DeletedProviderKey>('DeleteProviderKeyPayload').implement({
  description: 'A provider key that was deleted.',
  fields: (t) => ({
    deletedId: t.exposeID('id', { description: 'The id that it had.' }),
    detachedModelConfigIds: t.idList({
      description: 'The ids of the configurations that it was removed from.',
      resolve: ({ detachedModelConfigIds }) => [...detachedModelConfigIds],
    }),
  }),
});

builder.mutationField('deleteProviderKey', (t) =>
  t.fieldWithInput({
    type: DeleteProviderKeyPayload,
    description:
      'Deletes a provider key. Refused while configurations use it, unless `detach` is set. For owners and admins.',
    errors: {
      types: [
        ProviderKeyInUseError,
        RevisionConflictError,
        ValidationError,
        NotFoundError,
        ForbiddenError,
        UnauthenticatedError,
      ],
      union: { name: 'DeleteProviderKeyResult', description: 'What was deleted, or why nothing was.' },
    },
    typeOptions: { name: 'DeleteProviderKeyInput', description: 'A provider key to delete.' },
    argOptions: { description: 'The key.' },
    input: {
      id: t.input.id({ required: true, description: 'The id of the key.' }),
      detach: t.input.boolean({
        defaultValue: false,
        description: 'Removes the key from the configurations that use it, in the same change.',
      }),
      expectedRevision: t.input.int({
        description: 'Refuses the change if the organization is at another revision than this.',
      }),
    },
    authScopes: (_root, { input }) => ({ managesProviderKey: input.id }),
    resolve: async (_root, { input: { id, ...deletion } }, context) =>
      deleteProviderKey(context.database(), await changeOf(id, context), id, deletion),
  }),
);
