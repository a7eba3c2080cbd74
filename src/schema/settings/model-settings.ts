import { authorize, may } from '../../auth/permissions.ts';
import type { Model as ModelShape } from '../../catalog/model.ts';
import type { Context } from '../../context.ts';
import { policyIdOf } from '../../domain/policy/policy-change.ts';
import { withLoaded } from '../../domain/reading/loader.ts';
import { targetsOf } from '../../policy/alias.ts';
import { preferredDefault } from '../../policy/default-chain.ts';
import {
  findDeadSelectors,
  type SelectorWarning as SelectorWarningShape,
  warnOfSelectors,
} from '../../policy/model-selector.ts';
import type { Snapshot } from '../../policy/policy.ts';
import { selectorsOf } from '../../policy/policy-value.ts';
import { findOrganization } from '../belonging.ts';
import { builder } from '../builder.ts';
import { Model } from '../models/model.ts';
import { Organization } from '../organizations/organization.ts';
import { User } from '../organizations/user.ts';

/** Settings as they are read, or as the result of the change that made them. */
type SettingsShape = Snapshot & { isResult?: true };

export const SelectorWarning = builder.objectRef<SelectorWarningShape>('SelectorWarning').implement({
  description: 'An entry of a list of models that matches no model of the catalog, and so has no effect.',
  fields: (t) => ({
    selector: t.exposeString('selector', { description: 'The entry.' }),
    nearest: t.stringList({
      description: 'Similar keys of the catalog, the nearest first: three at most.',
      resolve: ({ nearest }) => [...nearest],
    }),
    message: t.exposeString('message', { description: 'What is wrong, for a person.' }),
  }),
});

export const NewModels = builder.enumType('NewModels', {
  description: 'What an organization does about models that are new in the catalog.',
  values: {
    ALLOW: { description: 'They may be used at once.' },
    REVIEW: { description: 'They wait for a review by an owner or admin: `PENDING_REVIEW` refuses them until then.' },
  } satisfies Record<Snapshot['newModels'], { description: string }>,
});

export const OrganizationModelSettings = builder.objectRef<SettingsShape>('OrganizationModelSettings').implement({
  interfaces: [builder.nodeInterfaceRef()],
  description:
    'The settings of an organization for models. Everything is allowed that nothing here refuses. Visible to those who may read the organization.',
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
        'The models that may not be used: by key (`gpt-4o-mini`), by `provider/key`, by an alias of the catalog, or by the beginning of any name with a `*` behind it (`openai/*`). A floating name is disabled with all its snapshots, and with the one that it points to.',
      resolve: ({ disabledModels }) => [...disabledModels],
    }),
    allowedModels: t.stringList({
      nullable: true,
      description:
        'The only models that may be used, named like disabled ones, but for a floating name, which its snapshot does not allow; null: all. An empty list allows none.',
      resolve: ({ allowedModels }) => allowedModels && [...allowedModels],
    }),
    newModels: t.expose('newModels', {
      type: NewModels,
      description: 'Whether models that are new in the catalog may be used at once.',
    }),
    reviewedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Under `REVIEW`: models that were in the catalog by then wait for no review. Else null.',
      resolve: ({ reviewedAt }) => (reviewedAt === null ? null : new Date(reviewedAt)),
    }),
    deadSelectors: t.stringList({
      description:
        'The entries of `disabledModels` and `allowedModels` that match no model of the catalog, and so have no effect until there is one.',
      resolve: (settings, _args, { catalog }) => findDeadSelectors(catalog, selectorsOf(settings)),
    }),
    selectorWarnings: t.field({
      type: [SelectorWarning],
      description:
        'The entries of `deadSelectors`, each with similar keys of the catalog. For those who may change the settings.',
      authScopes: ({ organizationId }) => ({ updateModelSettings: organizationId }),
      resolve: (settings, _args, { catalog }) => [...warnOfSelectors(catalog, selectorsOf(settings))],
    }),
    defaultModelKey: t.exposeString('defaultModelKey', {
      nullable: true,
      description: 'The key of the model, or the alias, to use where no default configuration can be used.',
    }),
    defaultModel: t.field({
      type: Model,
      nullable: true,
      description:
        'The model that `defaultModelKey` names; of an alias, the first that the caller may use as a default, else its first.',
      resolve: (settings, _args, context) => findDefault(settings, context),
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

function findDefault(
  { defaultModelKey: name, organizationId, ...policy }: SettingsShape,
  context: Context,
): ModelShape | null | Promise<ModelShape | null> {
  if (name === null) return null;
  if (!targetsOf(policy, name)) return context.catalog.find(name) ?? null;
  return withLoaded(
    context.decisions(organizationId),
    (made) => preferredDefault(made.evaluateName(name))?.model ?? null,
  );
}

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
