import { clearScopePolicy, setScopePolicy } from '../../domain/policy/scope-change.ts';
import { InvalidProviderSlugError } from '../../errors/models.ts';
import { builder } from '../builder.ts';
import { changeFields } from './change-fields.ts';
import { entryFields } from './list-fields.ts';
import { policyResult, resultOf } from './preview.ts';

const whom =
  'For whom: a member (`usr_…`), a team (`team_…`), a role (`role_owner`, `role_admin`, `role_member`) or an API key (`api_…`).';

builder.mutationField('setScopePolicy', (t) =>
  t.fieldWithInput({
    type: policyResult('SetScopePolicyResult', [InvalidProviderSlugError]),
    description:
      'Changes the lists of one subject. A field that is not given stays as it is; a subject without any list is no part of the policy. For owners and admins.',
    typeOptions: { name: 'SetScopePolicyInput', description: 'A partial change of the lists of a subject.' },
    argOptions: { description: 'The organization, the subject and the change.' },
    input: {
      ...changeFields(t.input),
      subjectId: t.input.id({
        required: true,
        description: `${whom} One that is gone can be changed as long as the policy has lists of it.`,
      }),
      disabledProviders: t.input.stringList({
        description: 'Replaces the list: providers, none of whose models it may use. `[]` clears it; null is refused.',
      }),
      disabledModels: t.input.stringList({
        description:
          'Replaces the list: models that it may not use, named as in `updateModelSettings`. `[]` clears it; null is refused.',
      }),
      allowedModels: t.input.stringList({
        description:
          'Replaces the list: the only models that it may use. `[]` allows none; null: the list is not in use, so that those farther away count.',
      }),
      ...entryFields(t.input),
    },
    authScopes: (_root, { input }) => ({ updateModelSettings: input.organizationId }),
    resolve: async (_root, { input: { organizationId, ...change } }, { database, catalog, actor, now, limits }) => {
      const request = { catalog, organizationId, actor: actor(), now, limits };
      return resultOf(await setScopePolicy(database(), request, change));
    },
  }),
);

builder.mutationField('clearScopePolicy', (t) =>
  t.fieldWithInput({
    type: policyResult('ClearScopePolicyResult', []),
    description: 'Clears all lists of one subject, also of one that is gone. For owners and admins.',
    typeOptions: { name: 'ClearScopePolicyInput', description: 'The subject whose lists are cleared.' },
    argOptions: { description: 'The organization and the subject.' },
    input: { ...changeFields(t.input), subjectId: t.input.id({ required: true, description: whom }) },
    authScopes: (_root, { input }) => ({ updateModelSettings: input.organizationId }),
    resolve: async (_root, { input: { organizationId, ...change } }, { database, catalog, actor, now, limits }) => {
      const request = { catalog, organizationId, actor: actor(), now, limits };
      return resultOf(await clearScopePolicy(database(), request, change));
    },
  }),
);
