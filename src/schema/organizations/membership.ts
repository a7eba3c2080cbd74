import { z } from 'zod';
import { permissionsIn } from '../../auth/delegation.ts';
import { authorize, type Permission as PermissionName, permissionNames } from '../../auth/permissions.ts';
import type { Role as RoleName } from '../../auth/viewer.ts';
import type { Member } from '../../domain/organizations/membership.ts';
import { findOrganization, findUser } from '../belonging.ts';
import { builder } from '../builder.ts';
import { keysetConnection } from '../connection.ts';
import { Organization } from './organization.ts';
import { User } from './user.ts';

export const Role = builder.enumType('ModelgateRole', {
  description: 'The role of a user in an organization.',
  values: {
    OWNER: { description: 'May do everything, members included.' },
    ADMIN: { description: 'May change settings and read the history.' },
    MEMBER: { description: 'May read.' },
  } satisfies Record<RoleName, { description: string }>,
});

const permissionDescriptions: Record<PermissionName, string> = {
  readOrganization: 'Read the organization, its settings, models and members, and ask for decisions.',
  readRevisions: "Read the organization's history, and what its members and services were refused.",
  readSubjects: 'Read what others in the organization may use.',
  readPolicy: "Read the organization's policy as one value, at each revision.",
  updateModelSettings: "Change the organization's model settings.",
  writeOrganizationConfigs: 'Create, change and delete the configurations that the organization shares.',
  writeOwnConfigs: 'Create, change and delete configurations of its own.',
  manageProviderKeys: "Create, rotate and delete the organization's keys at providers.",
  useProviderKeys: "Get the plaintext of the organization's keys at providers.",
  recordUsage: 'Report the usage of models.',
  manageApiKeys: "Create and revoke the API keys of the organization's services.",
  manageDirectory: "Create and revoke the tokens of the organization's directories.",
  updateOrganization: "Change the organization's name and support contact, and who manages its API keys.",
  manageMembers: 'Invite and remove members, and change their roles.',
  requestExceptions: 'Request exceptions from the policy, for itself.',
  manageExceptions: 'Read all exceptions from the policy; grant, deny and revoke them.',
  manageTeams: 'Create, change and delete the teams that are kept here.',
};

const Permission = builder.enumType('ModelgatePermission', {
  description: 'Something that a caller may do in an organization.',
  values: Object.fromEntries(
    permissionNames.map((name) => [
      name.replace(/[A-Z]/g, '_$&').toUpperCase(),
      { value: name, description: permissionDescriptions[name] },
    ]),
  ) as Record<string, { value: PermissionName; description: string }>,
});

/** A membership as it is read, or as the result of the mutation that made the viewer a member. */
type MembershipShape = Member & { isResult?: true };

export const Membership = builder.objectRef<MembershipShape>('Membership').implement({
  description: 'A user in an organization.',
  // With a token that names another organization, the result of accepting is visible, though the organization is not.
  visible: ({ organizationId, isResult = false }, { viewer }) =>
    isResult || authorize(viewer, 'readOrganization', organizationId),
  fields: (t) => ({
    organizationId: t.exposeID('organizationId', { description: 'The id of the organization.' }),
    organization: t.field({
      type: Organization,
      description: 'The organization.',
      resolve: ({ organizationId }, _args, context) => findOrganization(organizationId, context),
    }),
    userId: t.exposeID('userId', { description: 'The id of the user.' }),
    user: t.field({
      type: User,
      description: 'The user.',
      resolve: ({ userId }, _args, context) => findUser(userId, context),
    }),
    role: t.field({ type: Role, description: 'The role of the user.', resolve: ({ role }) => role }),
    permissions: t.field({
      type: [Permission],
      description: 'What the role may do, as the organization is set.',
      resolve: ({ organizationId, role }, _args, context) => permissionsIn(context, role, organizationId),
    }),
  }),
});

builder.prismaObjectField('Organization', 'members', (t) =>
  t.connection(
    {
      type: Membership,
      description: 'The members, ordered by user.',
      resolve: ({ id }, args, { members, memberCounts, limits }) =>
        keysetConnection({
          args,
          maxSize: limits.pageSize,
          key: z.string(),
          keyOf: ({ userId }: Member) => userId,
          load: (page) => members.load({ ownerId: id, page }),
          totalCount: () => memberCounts.load(id),
        }),
    },
    { name: 'MembershipConnection', description: 'A page of members.' },
    { name: 'MembershipEdge', description: 'A member on a page.' },
  ),
);
