import { authorize, may } from '../../auth/permissions.ts';
import { policyIdOf } from '../../domain/policy/policy-change.ts';
import {
  findDeadSelectors,
  type SelectorWarning as SelectorWarningShape,
  warnOfSelectors,
} from '../../policy/model-selector.ts';
import type { Snapshot } from '../../policy/policy.ts';
import { findOrganization } from '../belonging.ts';
import { builder } from '../builder.ts';
import { Model } from '../models/model.ts';
import { Organization } from '../organizations/organization.ts';
import { User } from '../organizations/user.ts';

/** Settings as they are read, or as the result of the change that made them. */
type SettingsShape = Snapshot & { isResult?: true };

export const SelectorWarning = builder.objectRef<SelectorWarningShape>('SelectorWarning').implement({
  description: 'An entry of `disabledModels` that names no model of the catalog, and so blocks nothing.',
  fields: (t) => ({
    selector: t.exposeString('selector', { description: 'The entry.' }),
    nearest: t.stringList({
      description: 'Similar keys of the catalog, the nearest first: three at most.',
      resolve: ({ nearest }) => [...nearest],
    }),
    message: t.exposeString('message', { description: 'What is wrong, for a person.' }),
  }),
});

export const OrganizationModelSettings = builder.objectRef<SettingsShape>('OrganizationModelSettings').implement({
  interfaces: [builder.nodeInterfaceRef()],
  description:
    'The settings of an organization for models. Everything that is not disabled here is allowed. Visible to those who may read the organization.',
  // A service that may change settings, but not read them, still gets the result of its own change.
  visible: ({ organizationId, isResult = false }, { viewer }) =>
    isResult || authorize(viewer, 'readOrganization', organizationId),
  fields: (t) => ({
    id: t.id({
      description: "The organization's id, with the prefix `oms_`.",
      resolve: ({ organizationId }) => policyIdOf(organizationId),
    }),
    organization: t.field({
      type: Organization,
      description: 'The organization.',
      resolve: ({ organizationId }, _args, context) => findOrganization(organizationId, context),
    }),
    disabledProviders: t.stringList({
      description: 'The providers, by slug, none of whose models may be used.',
      resolve: ({ disabledProviders }) => [...disabledProviders],
    }),
    disabledModels: t.stringList({
      description:
        'The models that may not be used: by key (`gpt-4o-mini`), by `provider/key`, or by an alias. A floating name is disabled with all its snapshots, and with the one that it points to.',
      resolve: ({ disabledModels }) => [...disabledModels],
    }),
    deadSelectors: t.stringList({
      description:
        'The entries of `disabledModels` that name no model of the catalog, and so block nothing until there is one.',
      resolve: ({ disabledModels }, _args, { catalog }) => findDeadSelectors(catalog, disabledModels),
    }),
    selectorWarnings: t.field({
      type: [SelectorWarning],
      description:
        'The entries of `deadSelectors`, each with similar keys of the catalog. For those who may change the settings.',
      authScopes: ({ organizationId }) => ({ updateModelSettings: organizationId }),
      resolve: ({ disabledModels }, _args, { catalog }) => [...warnOfSelectors(catalog, disabledModels)],
    }),
    defaultModelKey: t.exposeString('defaultModelKey', {
      nullable: true,
      description: 'The key of the model to use where no default configuration can be used.',
    }),
    defaultModel: t.field({
      type: Model,
      nullable: true,
      description: 'The model that `defaultModelKey` names.',
      resolve: ({ defaultModelKey }, _args, { catalog }) =>
        defaultModelKey === null ? null : (catalog.find(defaultModelKey) ?? null),
    }),
    revision: t.exposeInt('revision', {
      description: "The organization's revision at which these settings were read: give it as `expectedRevision`.",
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When they were last changed; null if never.',
    }),
    updatedBy: t.field({
      type: User,
      nullable: true,
      description: 'The user who changed them last; null if no user did, and for a service that may not read.',
      // By the loader that its scope uses too. A service that may only change settings gets no user.
      resolve: ({ updatedById: id, organizationId }, _args, { knownUsers, viewer }) =>
        id !== null && may(viewer, 'readOrganization', organizationId) ? knownUsers.load(id) : null,
    }),
  }),
});

builder.queryField('organizationModelSettings', (t) =>
  t.field({
    type: OrganizationModelSettings,
    description: "An organization's model settings. By default everything is allowed.",
    args: { organizationId: t.arg.id({ required: true, description: 'The id of the organization.' }) },
    authScopes: (_root, { organizationId }) => ({ readOrganization: organizationId }),
    resolve: (_root, { organizationId }, { states }) => states.load(organizationId),
  }),
);

builder.prismaObjectField('Organization', 'modelSettings', (t) =>
  t.field({
    type: OrganizationModelSettings,
    description: 'Its settings for models. By default everything is allowed.',
    resolve: ({ id }, _args, { states }) => states.load(id),
  }),
);
