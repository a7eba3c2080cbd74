import type { Context } from '../../context.ts';
import { deleteModelConfig, updateModelConfig } from '../../domain/configs/model-config-change.ts';
import { createModelConfig } from '../../domain/configs/model-config-creation.ts';
import {
  ForbiddenError,
  NotFoundError,
  RevisionConflictError,
  UnauthenticatedError,
  ValidationError,
} from '../../errors/base.ts';
import {
  DefaultConfigError,
  InvalidProviderKeyError,
  InvalidProviderSlugError,
  ModelNotAllowedError,
} from '../../errors/models.ts';
import { anySubject } from '../../policy/subject.ts';
import { builder } from '../builder.ts';
import { ModelConfig, ModelConfigScope } from './model-config.ts';

const DeletedModelConfig = builder.objectRef<{ id: string }>('DeletedModelConfig').implement({
  description: 'A configuration that was deleted.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'The id that it had.' }) }),
});

/** The error types of every mutation of a configuration. */
const errorTypes = [NotFoundError, RevisionConflictError, ValidationError, ForbiddenError, UnauthenticatedError];

const descriptions = {
  id: 'The id of the configuration.',
  expectedRevision: 'Refuses the change if the organization is at another revision than this.',
  providerKeyId: "The organization's own key to call with: an active one of the same provider.",
  settings:
    'What is passed on to calls: an open object. `temperature` is from 0 to 2, `maxTokens` within the output limit. A whole number beyond 2^53 - 1 is refused: write it as a string.',
};

builder.mutationFields((t) => ({
  createModelConfig: t.fieldWithInput({
    type: ModelConfig,
    description: "Configures a model that is allowed: for the organization, or as the caller's own.",
    errors: {
      types: [
        ModelNotAllowedError,
        InvalidProviderSlugError,
        InvalidProviderKeyError,
        DefaultConfigError,
        RevisionConflictError,
        ValidationError,
        ForbiddenError,
        UnauthenticatedError,
      ],
      union: { name: 'CreateModelConfigResult', description: 'The new configuration, or why there is none.' },
    },
    typeOptions: { name: 'CreateModelConfigInput', description: 'A configuration to create.' },
    argOptions: { description: 'The organization and the configuration.' },
    input: {
      organizationId: t.input.id({ required: true, description: 'The id of the organization.' }),
      scope: t.input.field({
        type: ModelConfigScope,
        required: true,
        defaultValue: 'USER',
        description: 'Whose configuration it will be. Owners and admins may create one for the organization.',
      }),
      provider: t.input.string({ required: true, description: "The provider's slug." }),
      modelId: t.input.string({
        required: true,
        description: "The provider's name of the model, an alias of it, its id or its display name.",
      }),
      providerKeyId: t.input.id({ description: descriptions.providerKeyId }),
      settings: t.input.field({ type: 'JSONObject', description: descriptions.settings }),
      isEnabled: t.input.boolean({ required: true, defaultValue: true, description: 'Whether it is switched on.' }),
      isDefault: t.input.boolean({
        required: true,
        defaultValue: false,
        description: 'Whether to make it the default of its organization, or of its user there.',
      }),
      expectedRevision: t.input.int({ description: descriptions.expectedRevision }),
    },
    authScopes: (_root, { input: { organizationId, scope } }) =>
      scope === 'ORGANIZATION' ? { writeOrganizationConfigs: organizationId } : { writeOwnConfigs: organizationId },
    resolve: async (_root, { input: { organizationId, scope, ...input } }, context) => {
      const owner = { organizationId, userId: scope === 'USER' ? context.viewer.userId : null };
      const world = { ...(await worldOf(context, owner)), limits: context.limits };
      return createModelConfig(context.database(), world, owner, input).catch((error) => {
        if (error instanceof ModelNotAllowedError) {
          context.countRefusal(organizationId, error.modelKey, error.access);
        }
        throw error;
      });
    },
  }),

  updateModelConfig: t.fieldWithInput({
    type: ModelConfig,
    description: 'Changes a configuration. A field that is not given stays; provider and model never change.',
    errors: {
      types: [InvalidProviderKeyError, DefaultConfigError, ...errorTypes],
      union: {
        name: 'UpdateModelConfigResult',
        description: 'The configuration after the change, or why there was none.',
      },
    },
    typeOptions: { name: 'UpdateModelConfigInput', description: 'A partial change of a configuration.' },
    argOptions: { description: 'The configuration and the change.' },
    input: {
      id: t.input.id({ required: true, description: descriptions.id }),
      providerKeyId: t.input.id({ description: `${descriptions.providerKeyId} Null removes it.` }),
      settings: t.input.field({
        type: 'JSONObject',
        description: `Replaces the object whole. ${descriptions.settings}`,
      }),
      isEnabled: t.input.boolean({ description: 'Whether it is switched on. The default cannot be switched off.' }),
      isDefault: t.input.boolean({ description: 'Whether it is the default; true replaces the former one.' }),
      expectedRevision: t.input.int({ description: descriptions.expectedRevision }),
    },
    authScopes: (_root, { input }) => ({ writesConfig: input.id }),
    resolve: (_root, { input: { id, ...change } }, context) => changeConfig(context, id, change),
  }),

  setModelConfigEnabled: t.fieldWithInput({
    type: ModelConfig,
    description: 'Switches a configuration on or off. The default cannot be switched off.',
    errors: {
      types: [DefaultConfigError, ...errorTypes],
      union: {
        name: 'SetModelConfigEnabledResult',
        description: 'The configuration after the change, or why there was none.',
      },
    },
    typeOptions: { name: 'SetModelConfigEnabledInput', description: 'A configuration to switch on or off.' },
    argOptions: { description: 'The configuration and the switch.' },
    input: {
      id: t.input.id({ required: true, description: descriptions.id }),
      isEnabled: t.input.boolean({ required: true, description: 'Whether it shall be on.' }),
      expectedRevision: t.input.int({ description: descriptions.expectedRevision }),
    },
    authScopes: (_root, { input }) => ({ writesConfig: input.id }),
    resolve: (_root, { input: { id, ...change } }, context) => changeConfig(context, id, change),
  }),

  setDefaultModelConfig: t.fieldWithInput({
    type: ModelConfig,
    description:
      'Makes a configuration the default of its organization, or of its user there, in place of the former one.',
    errors: {
      types: [DefaultConfigError, ...errorTypes],
      union: { name: 'SetDefaultModelConfigResult', description: 'The new default, or why it was not set.' },
    },
    typeOptions: { name: 'SetDefaultModelConfigInput', description: 'A configuration to make the default.' },
    argOptions: { description: 'The configuration.' },
    input: {
      id: t.input.id({ required: true, description: descriptions.id }),
      expectedRevision: t.input.int({ description: descriptions.expectedRevision }),
    },
    authScopes: (_root, { input }) => ({ writesConfig: input.id }),
    resolve: (_root, { input: { id, ...rest } }, context) => changeConfig(context, id, { ...rest, isDefault: true }),
  }),

  deleteModelConfig: t.fieldWithInput({
    type: DeletedModelConfig,
    description: 'Deletes a configuration. If it was the default, there is no default afterwards.',
    errors: {
      types: errorTypes,
      union: { name: 'DeleteModelConfigResult', description: 'What was deleted, or why nothing was.' },
    },
    typeOptions: { name: 'DeleteModelConfigInput', description: 'A configuration to delete.' },
    argOptions: { description: 'The configuration.' },
    input: {
      id: t.input.id({ required: true, description: descriptions.id }),
      expectedRevision: t.input.int({ description: descriptions.expectedRevision }),
    },
    authScopes: (_root, { input }) => ({ writesConfig: input.id }),
    resolve: async (_root, { input: { id, ...rest } }, context) =>
      deleteModelConfig(context.database(), { actor: context.actor() }, await rowOf(context, id), rest),
  }),
}));

/** What is decided for the whole organization needs no subject. */
async function worldOf(
  context: Context,
  { organizationId, userId }: { organizationId: string; userId: string | null },
) {
  const { catalog, actor, now } = context;
  const subject = userId === null ? anySubject : (await context.decisions(organizationId)).subject;
  return { catalog, actor: actor(), now, subject };
}

/** The row that the scope `writesConfig` has loaded. */
async function rowOf({ configs }: Context, id: string) {
  const config = await configs.byId.load({ id, hasSettings: false });
  if (!config) throw new NotFoundError();
  return config;
}

async function changeConfig(context: Context, id: string, change: object) {
  const config = await rowOf(context, id);
  return updateModelConfig(context.database(), await worldOf(context, config), config, change);
}
