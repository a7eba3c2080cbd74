import { authorize } from '../../auth/permissions.ts';
import { modelOf } from '../../domain/configs/model-config.ts';
import { JsonText } from '../../domain/input/json-text.ts';
import { withLoaded } from '../../domain/reading/loader.ts';
import { findOrganization, findUser } from '../belonging.ts';
import { builder } from '../builder.ts';
import { findKeyStatus, KeyStatus } from '../keys/key-status.ts';
import { ProviderKey } from '../keys/provider-key.ts';
import { ModelAccess } from '../models/model-access.ts';
import { Organization } from '../organizations/organization.ts';
import { User } from '../organizations/user.ts';

export const ModelConfigScope = builder.enumType('ModelConfigScope', {
  description: 'Whose a configuration is.',
  values: {
    ORGANIZATION: { description: 'Shared by the organization; owners and admins change it.' },
    USER: { description: "A user's own; no other user can see it." },
  },
});

// No `prismaNode` or `node`, as for every node type: their ids are promises, one for each row.
export const ModelConfig = builder.prismaObject('ModelConfig', {
  interfaces: [builder.nodeInterfaceRef()],
  description: "A configured model. Visible to the organization's members, or to its user alone.",
  // A user's own configuration is visible to its owner alone, by whatever path it is reached.
  visible: ({ organizationId, userId }, { viewer }) =>
    authorize(viewer, 'readOrganization', organizationId) && (userId === null || userId === viewer.userId),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id: `cfg_…`.' }),
    organization: t.field({
      type: Organization,
      description: 'The organization that it is used in.',
      resolve: ({ organizationId }, _args, context) => findOrganization(organizationId, context),
    }),
    scope: t.field({
      type: ModelConfigScope,
      description: 'Whose it is.',
      resolve: ({ userId }) => (userId === null ? 'ORGANIZATION' : 'USER'),
    }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'Its owner; null where the organization shares it.',
      resolve: ({ userId }, _args, context) => (userId === null ? null : findUser(userId, context)),
    }),
    // Nullable as that of an API key is, so that both can be selected where either may be found.
    createdBy: t.field({
      type: User,
      nullable: true,
      description: 'The user who created it; null, with an error, where the caller may not see that user.',
      resolve: ({ creatorId }, _args, context) => findUser(creatorId, context),
    }),
    provider: t.exposeString('provider', { description: "The provider's slug." }),
    modelId: t.exposeString('modelId', { description: "The provider's name of the model." }),
    providerKey: t.field({
      type: ProviderKey,
      nullable: true,
      description: "The organization's own key that calls are made with; null for none.",
      // A viewer who may see a configuration may see its key.
      resolve: ({ providerKeyId }, _args, { providerKeys }) =>
        providerKeyId === null ? null : providerKeys.byId.load(providerKeyId),
    }),
    settings: t.field({
      type: 'JSONObject',
      description: 'What is passed on to calls of the model: `temperature`, `maxTokens`, and anything else.',
      // A mutation returns the settings as an object, other reads as JSON text.
      resolve: ({ settings }) =>
        (typeof settings === 'string' ? new JsonText(settings) : settings) as Record<string, unknown>,
    }),
    isEnabled: t.exposeBoolean('isEnabled', { description: 'Whether it is switched on.' }),
    isDefault: t.exposeBoolean('isDefault', {
      description: 'Whether it is the default of its organization, or of its user there.',
    }),
    keyStatus: t.field({
      type: KeyStatus,
      description: 'Whose key calls are made with.',
      resolve: ({ organizationId, provider }, _args, context) => findKeyStatus(context, organizationId, provider),
    }),
    access: t.field({
      type: ModelAccess,
      description: 'Whether the caller may use the model now, whatever was true when this was created.',
      resolve: (config, _args, context) =>
        withLoaded(context.decisions(config.organizationId), (decisions) =>
          decisions.decide(modelOf(context.catalog, config)),
        ),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was last changed.' }),
  }),
});
