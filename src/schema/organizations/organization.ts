import { authorize } from '../../auth/permissions.ts';
import { addMembership, addOrganization } from '../../auth/viewer.ts';
import type { Context } from '../../context.ts';
import type { ApiKeyManagers as ApiKeyManagersName } from '../../database/generated/prisma/enums.ts';
import {
  createOrganization,
  createOwnerless,
  type Organization as OrganizationShape,
} from '../../domain/organizations/organization.ts';
import { updateOrganization } from '../../domain/organizations/organization-change.ts';
import { withLoaded } from '../../domain/reading/loader.ts';
import { ForbiddenError, RevisionConflictError, UnauthenticatedError, ValidationError } from '../../errors/base.ts';
import { findOrganization } from '../belonging.ts';
import { builder } from '../builder.ts';

const ApiKeyManagers = builder.enumType('ApiKeyManagers', {
  description: 'Who creates, lists and revokes the API keys of an organization.',
  values: {
    OWNERS: { description: 'Its owners alone.' },
    ADMINS: { description: 'Its admins too. An API key of an admin cannot have the scope `KEYS_USE`.' },
  } satisfies Record<ApiKeyManagersName, { description: string }>,
});

/** Other folders add their fields to it, each in its own file. */
export const Organization = builder.prismaObject('Organization', {
  interfaces: [builder.nodeInterfaceRef()],
  description: 'A tenant: it says which models its members and applications may use. Visible to its members.',
  visible: ({ id }, { viewer }) => authorize(viewer, 'readOrganization', id),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id, as the identity provider or Modelgate gave it: `org_…`.' }),
    name: t.exposeString('name', { nullable: true, description: 'The name, where it is known.' }),
    apiKeyManagers: t.expose('apiKeyManagers', { type: ApiKeyManagers, description: 'Who manages its API keys.' }),
    supportContact: t.exposeString('supportContact', {
      nullable: true,
      description:
        'Whom its members ask about what they may not use: an e-mail address, a URL or a short text, as an owner gave it.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was first stored here.' }),
    revision: t.int({
      description: 'The number of its newest revision; 0 before the first change.',
      resolve: (organization, _args, context) => revisionOf(organization, context),
    }),
  }),
});

/**
 * From the row, since a snapshot has long lists. Where the request has loaded a snapshot, its revision is answered: a newer one
 * beside older settings would let a client change settings that it has not seen.
 */
export function revisionOf({ id, revision }: OrganizationShape, { states }: Context): number | Promise<number> {
  return withLoaded(states.peek(id), (known) => known?.revision ?? revision);
}

builder.queryField('organization', (t) =>
  t.field({
    type: Organization,
    nullable: true,
    description: 'An organization that the caller is a member of.',
    args: { id: t.arg.id({ required: true, description: 'The id of the organization.' }) },
    authScopes: (_root, { id }) => ({ readOrganization: id }),
    resolve: (_root, { id }, { organizations }) => organizations.load(id),
  }),
);

builder.mutationField('createOrganization', (t) =>
  t.fieldWithInput({
    type: Organization,
    description:
      'Creates an organization with the caller as its owner. For every signed-in user, or for operators alone, or for nobody, as the service is configured. One that a platform key creates has no owner yet.',
    errors: {
      types: [ValidationError, ForbiddenError, UnauthenticatedError],
      union: { name: 'CreateOrganizationResult', description: 'The new organization, or why there is none.' },
    },
    typeOptions: { name: 'CreateOrganizationInput', description: 'An organization to create.' },
    argOptions: { description: 'The organization.' },
    input: { name: t.input.string({ required: true, description: 'The name, of 1 to 200 characters.' }) },
    authScopes: { createsOrganizations: true },
    resolve: async (_root, { input }, context) => {
      const { database, viewer, actor, markChanged, limits, issuers } = context;
      if (viewer.service) {
        const created = await createOwnerless(database(), { issuers, actor: actor() }, input);
        addOrganization(viewer, created);
        return findOrganization(created, context);
      }
      if (viewer.userId === null) throw new UnauthenticatedError();
      // The ledger entry marks the organization as changed. The membership of the viewer changes too.
      markChanged(viewer.userId);
      const { userId, issuer, impersonatedBy } = viewer;
      const creation = { userId, issuer, impersonatedBy, limits, invalidate: actor().invalidate };
      const id = await createOrganization(database(), creation, input);
      addMembership(viewer, id, 'OWNER');
      return findOrganization(id, context);
    },
  }),
);

builder.mutationField('updateOrganization', (t) =>
  t.fieldWithInput({
    type: Organization,
    description:
      'Changes an organization: what is not given stays. A name that an owner chose is not replaced by those of tokens. For owners.',
    errors: {
      types: [RevisionConflictError, ValidationError, ForbiddenError, UnauthenticatedError],
      union: {
        name: 'UpdateOrganizationResult',
        description: 'The organization after the change, or why there was none.',
      },
    },
    typeOptions: { name: 'UpdateOrganizationInput', description: 'A change of an organization.' },
    argOptions: { description: 'The organization and the change.' },
    input: {
      organizationId: t.input.id({ required: true, description: 'The id of the organization.' }),
      name: t.input.string({ description: 'The name, of 1 to 200 characters.' }),
      apiKeyManagers: t.input.field({ type: ApiKeyManagers, description: 'Who manages its API keys, from now on.' }),
      supportContact: t.input.string({
        description:
          'Whom members ask about what they may not use: an e-mail address, a URL or a text of 1 to 200 characters; null removes it.',
      }),
      expectedRevision: t.input.int({
        description: 'Refuses the change if the organization is at another revision than this.',
      }),
    },
    // The answer is the organization: nothing is changed for a platform key that could not be answered.
    authScopes: (_root, { input: { organizationId: id } }) => ({
      $all: { updateOrganization: id, readOrganization: id },
    }),
    resolve: (_root, { input: { organizationId, ...input } }, { database, actor }) =>
      updateOrganization(database(), { organizationId, actor: actor() }, input),
  }),
);
