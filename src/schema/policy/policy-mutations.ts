import { reviewModels } from '../../domain/policy/model-review.ts';
import { applyPolicy } from '../../domain/policy/policy-apply.ts';
import { restorePolicy } from '../../domain/policy/policy-restore.ts';
import { updateModelSettings } from '../../domain/settings/model-settings.ts';
import { DefaultModelDisabledError, InvalidProviderSlugError, UnknownModelError } from '../../errors/models.ts';
import { builder } from '../builder.ts';
import { NewModels } from '../settings/model-settings.ts';
import { changeFields } from './change-fields.ts';
import { entryFields } from './list-fields.ts';
import { policyResult, resultOf } from './preview.ts';

builder.mutationField('updateModelSettings', (t) =>
  t.fieldWithInput({
    type: policyResult('UpdateModelSettingsResult', [
      InvalidProviderSlugError,
      UnknownModelError,
      DefaultModelDisabledError,
    ]),
    description:
      'Changes the settings of an organization for models. A field that is not given stays as it is. For owners and admins.',
    typeOptions: { name: 'UpdateModelSettingsInput', description: 'A partial change of model settings.' },
    argOptions: { description: 'The organization and the change.' },
    input: {
      ...changeFields(t.input),
      disabledProviders: t.input.stringList({
        description:
          'Replaces the list: provider slugs, at most 250 unless the service is set up otherwise. `[]` clears it; null is refused.',
      }),
      disabledModels: t.input.stringList({
        description:
          'Replaces the list: names of models, or beginnings of names with a `*` behind at least two characters, at most 250 unless the service is set up otherwise. A key in another case, a display name and an id (`mdl_…`) are stored as the key. An entry that names nothing in the catalog is stored unchanged, and listed in `deadSelectors`. `[]` clears it; null is refused.',
      }),
      allowedModels: t.input.stringList({
        description:
          'Replaces the list: entries as in `disabledModels`, the only models that may be used. `[]` allows none; null: all that is not disabled.',
      }),
      ...entryFields(t.input),
      newModels: t.input.field({
        type: NewModels,
        description:
          'Whether models that are new in the catalog may be used at once. From the change to `REVIEW` on, those that come later wait.',
      }),
      defaultModelKey: t.input.string({
        description:
          'The key of a chat model that is allowed after the change, or an alias of one; null clears the default.',
      }),
    },
    authScopes: (_root, { input }) => ({ updateModelSettings: input.organizationId }),
    resolve: async (_root, { input: { organizationId, ...change } }, { database, catalog, actor, now, limits }) => {
      const request = { catalog, organizationId, actor: actor(), now, limits };
      return resultOf(await updateModelSettings(database(), request, change));
    },
  }),
);

builder.mutationField('applyPolicy', (t) =>
  t.fieldWithInput({
    type: policyResult('ApplyPolicyResult', [InvalidProviderSlugError, UnknownModelError, DefaultModelDisabledError]),
    description:
      'Makes the policy what a document says: what it does not name is as by default. A document that changes nothing makes no revision. For owners and admins.',
    typeOptions: { name: 'ApplyPolicyInput', description: 'A policy as a document.' },
    argOptions: { description: 'The organization and the document.' },
    input: {
      ...changeFields(t.input),
      document: t.input.string({
        required: true,
        description:
          'The document, in YAML or JSON: at most 262,144 bytes. `/v1/policy.schema.json` is its JSON Schema. Anchors, aliases, tags and keys that are unknown or given twice are refused, with their line.',
      }),
    },
    authScopes: (_root, { input }) => ({ updateModelSettings: input.organizationId }),
    resolve: async (_root, { input: { organizationId, ...change } }, { database, catalog, actor, now, limits }) => {
      const request = { catalog, organizationId, actor: actor(), now, limits };
      return resultOf(await applyPolicy(database(), request, change));
    },
  }),
);

builder.mutationField('restorePolicy', (t) =>
  t.fieldWithInput({
    type: policyResult('RestorePolicyResult', [DefaultModelDisabledError]),
    description:
      'Makes the policy what it was at a revision, by a new revision. It restores the policy alone: no members, configurations or keys. What names no model any more is kept. For owners and admins.',
    typeOptions: { name: 'RestorePolicyInput', description: 'A policy to restore.' },
    argOptions: { description: 'The organization and the revision.' },
    input: {
      ...changeFields(t.input),
      revision: t.input.int({
        required: true,
        description: 'The revision whose policy is restored; 0 is that of before the first.',
      }),
    },
    authScopes: (_root, { input }) => ({ updateModelSettings: input.organizationId }),
    resolve: async (_root, { input: { organizationId, ...change } }, { database, catalog, actor, now, limits }) => {
      const request = { catalog, organizationId, actor: actor(), now, limits };
      return resultOf(await restorePolicy(database(), request, change));
    },
  }),
);

builder.mutationField('reviewModels', (t) =>
  t.fieldWithInput({
    type: policyResult('ReviewModelsResult', [UnknownModelError, DefaultModelDisabledError]),
    description:
      'Decides on models that are new in the catalog and wait for a review, which is refused where `newModels` is `ALLOW`. Where none waits any more, `reviewedAt` moves to the newest model, and `approvedModels` becomes empty. For owners and admins.',
    typeOptions: { name: 'ReviewModelsInput', description: 'A review of new models.' },
    argOptions: { description: 'The organization and the models.' },
    input: {
      ...changeFields(t.input),
      allow: t.input.stringList({
        description:
          'The models that wait no longer, each by a name of its own, without a `*`: they are added to `approvedModels`. What else refuses them stays.',
      }),
      disable: t.input.stringList({
        description: 'The models that are not to be used, named alike: they are added to `disabledModels`.',
      }),
    },
    authScopes: (_root, { input }) => ({ updateModelSettings: input.organizationId }),
    resolve: async (_root, { input: { organizationId, ...change } }, { database, catalog, actor, now, limits }) => {
      const request = { catalog, organizationId, actor: actor(), now, limits };
      return resultOf(await reviewModels(database(), request, change));
    },
  }),
);
