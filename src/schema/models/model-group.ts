import { type ModelGroup as Group, groupModels, type ModelOption as Option } from '../../domain/models/model-group.ts';
import { builder } from '../builder.ts';
import { findKeyStatus, KeyStatus } from '../keys/key-status.ts';
import { decisionsFor, readsAccess, subjectDescription } from './asked-subject.ts';
import { Model } from './model.ts';
import { ModelAccess } from './model-access.ts';

const ModelOption = builder.objectRef<Option>('ModelOption').implement({
  description: 'A version of the model of a group, at one provider.',
  fields: (t) => ({
    model: t.field({ type: Model, description: 'The model of the catalog.', resolve: ({ model }) => model }),
    access: t.field({
      type: ModelAccess,
      description: 'Whether the subject that is asked about, as a rule the caller, may use it.',
      resolve: ({ access }) => access,
    }),
    isConfigured: t.boolean({
      description: 'Whether the organization or the caller has a configuration of it.',
      resolve: ({ configIds }) => configIds.length > 0,
    }),
    modelConfigIds: t.idList({
      description: 'The ids of those configurations.',
      resolve: ({ configIds }) => [...configIds],
    }),
    keyStatus: t.field({
      type: KeyStatus,
      description: 'Whose key it is called with.',
      resolve: ({ model, organizationId }, _args, context) => findKeyStatus(context, organizationId, model.provider),
    }),
    hasPlatformKey: t.boolean({
      description: 'Whether the operator of this service has a key at its provider.',
      resolve: ({ model }, _args, { platformProviders }) => platformProviders.has(model.provider),
    }),
    costPer1kTokens: t.expose('costPer1kTokens', {
      type: 'Decimal',
      nullable: true,
      description: 'Its blended price: (input + output) / 2, in US dollars; null where either is not known.',
    }),
  }),
});

const isConfigured = ({ options }: Group) => options.some(({ configIds }) => configIds.length > 0);

const ModelGroup = builder.objectRef<Group>('ModelGroup').implement({
  description: 'Models that differ in nothing but version and provider.',
  fields: (t) => ({
    baseModel: t.exposeString('baseModel', {
      description: 'The base model that they are versions of, such as `gpt-4o`.',
    }),
    displayName: t.string({
      description: 'The name for people.',
      resolve: (group) => group.representative.displayName,
    }),
    creator: t.string({ description: "The maker's slug.", resolve: (group) => group.representative.creator }),
    creatorDisplayName: t.string({
      description: "The maker's name.",
      resolve: (group) => group.representative.creatorDisplayName,
    }),
    options: t.field({
      type: [ModelOption],
      description: 'All versions at all providers, allowed or not.',
      resolve: ({ options }) => [...options],
    }),
    isConfigured: t.boolean({
      description: 'Whether any option is configured.',
      resolve: isConfigured,
    }),
    lowestCostPer1kTokens: t.expose('lowestCostPer1kTokens', {
      type: 'Decimal',
      nullable: true,
      description: 'The lowest blended price among the options that are allowed; null where none is known.',
    }),
  }),
});

builder.queryField('modelGroups', (t) =>
  t.field({
    type: [ModelGroup],
    description:
      'The catalog grouped by base model, with every option and whether the caller, or another subject, may use it.',
    args: {
      organizationId: t.arg.id({ required: true, description: 'The id of the organization that asks.' }),
      configuredOnly: t.arg.boolean({
        required: true,
        defaultValue: false,
        description: 'Whether to omit groups without a configured option.',
      }),
      subjectId: t.arg.id({ description: `For whom it is decided. ${subjectDescription}` }),
    },
    authScopes: (_root, asked, context) => readsAccess(asked, context),
    resolve: async (_root, { configuredOnly, ...asked }, context) => {
      const configured = await context.configs.configured.load(asked.organizationId);
      const groups = groupModels(await decisionsFor(asked, context), configured);
      return configuredOnly ? groups.filter(isConfigured) : groups;
    },
  }),
);
