import { deleteModelAlias, setModelAlias } from '../../domain/policy/alias-change.ts';
import { NotFoundError } from '../../errors/base.ts';
import { DefaultModelDisabledError, UnknownModelError } from '../../errors/models.ts';
import { builder } from '../builder.ts';
import { changeFields } from './change-fields.ts';
import { policyResult, resultOf } from './preview.ts';

builder.mutationField('setModelAlias', (t) =>
  t.fieldWithInput({
    type: policyResult('SetModelAliasResult', [UnknownModelError, DefaultModelDisabledError]),
    description:
      'Makes an alias, or replaces the models that it stands for. Whoever asks for it gets the first that it may use. For owners and admins.',
    typeOptions: { name: 'SetModelAliasInput', description: 'An alias and the models that it stands for.' },
    argOptions: { description: 'The organization and the alias.' },
    input: {
      ...changeFields(t.input),
      name: t.input.string({
        required: true,
        description:
          'The name, as applications ask for it: 1 to 63 letters, digits and hyphens, stored in lower case. A name of a model in the catalog is refused.',
      }),
      targets: t.input.stringList({
        required: true,
        description:
          'Its models, in order of preference: 1 to 10 names of models in the catalog, stored as keys. Names of aliases are refused.',
      }),
    },
    authScopes: (_root, { input }) => ({ updateModelSettings: input.organizationId }),
    resolve: async (_root, { input: { organizationId, ...change } }, { database, catalog, actor, now, limits }) => {
      const request = { catalog, organizationId, actor: actor(), now, limits };
      return resultOf(await setModelAlias(database(), request, change));
    },
  }),
);

builder.mutationField('deleteModelAlias', (t) =>
  t.fieldWithInput({
    type: policyResult('DeleteModelAliasResult', [NotFoundError]),
    description:
      'Deletes an alias: its name is unknown from then on. One that is the default is refused. For owners and admins.',
    typeOptions: { name: 'DeleteModelAliasInput', description: 'An alias to delete.' },
    argOptions: { description: 'The organization and the alias.' },
    input: {
      ...changeFields(t.input),
      name: t.input.string({ required: true, description: 'Its name, in any case.' }),
    },
    authScopes: (_root, { input }) => ({ updateModelSettings: input.organizationId }),
    resolve: async (_root, { input: { organizationId, ...change } }, { database, catalog, actor, now, limits }) => {
      const request = { catalog, organizationId, actor: actor(), now, limits };
      return resultOf(await deleteModelAlias(database(), request, change));
    },
  }),
);
