import { removeMember, setMemberRole } from '../../domain/organizations/membership-change.ts';
import {
  ForbiddenError,
  NotFoundError,
  RevisionConflictError,
  UnauthenticatedError,
  ValidationError,
} from '../../errors/base.ts';
import { builder } from '../builder.ts';
import { Membership, Role } from './membership.ts';

const errorTypes = [RevisionConflictError, ValidationError, ForbiddenError, UnauthenticatedError];

const descriptions = {
  organizationId: 'The id of the organization.',
  userId: 'The id of the user: `usr_…` or `user_…`.',
  expectedRevision: 'Refuses the change if the organization is at another revision than this.',
};

const RemoveMemberPayload = builder
  .objectRef<{ organizationId: string; userId: string; revision: number }>('RemoveMemberPayload')
  .implement({
    description: 'A membership that ended.',
    fields: (t) => ({
      organizationId: t.exposeID('organizationId', { description: descriptions.organizationId }),
      userId: t.exposeID('userId', { description: 'The id of the user who is no longer a member.' }),
      revision: t.exposeInt('revision', { description: "The organization's revision after the change." }),
    }),
  });

builder.mutationField('setMemberRole', (t) =>
  t.fieldWithInput({
    type: Membership,
    description:
      'Changes the role of a member at once. The last owner cannot lose the role. The open invitations of a former owner are revoked. For owners.',
    errors: {
      types: [NotFoundError, ...errorTypes],
      union: { name: 'SetMemberRoleResult', description: 'The membership after the change, or why there was none.' },
    },
    typeOptions: { name: 'SetMemberRoleInput', description: 'A new role of a member.' },
    argOptions: { description: 'The organization, the user and the role.' },
    input: {
      organizationId: t.input.id({ required: true, description: descriptions.organizationId }),
      userId: t.input.id({ required: true, description: descriptions.userId }),
      role: t.input.field({ type: Role, required: true, description: 'The role of the user.' }),
      expectedRevision: t.input.int({ description: descriptions.expectedRevision }),
    },
    authScopes: (_root, { input }) => ({ manageMembers: input.organizationId }),
    resolve: (_root, { input: { organizationId, ...input } }, { database, actor }) =>
      setMemberRole(database(), { organizationId, actor: actor() }, input),
  }),
);

builder.mutationField('removeMember', (t) =>
  t.fieldWithInput({
    type: RemoveMemberPayload,
    description:
      'Ends a membership at once. The open invitations of an owner are revoked. The last owner cannot be removed. A user whose tokens still name the organization, and no role, is a member again with the next one: remove it at the issuer as well. For owners; every member may remove itself.',
    errors: {
      types: [NotFoundError, ...errorTypes],
      union: { name: 'RemoveMemberResult', description: 'The membership that ended, or why it did not.' },
    },
    typeOptions: { name: 'RemoveMemberInput', description: 'A member to remove.' },
    argOptions: { description: 'The organization and the user.' },
    input: {
      organizationId: t.input.id({ required: true, description: descriptions.organizationId }),
      userId: t.input.id({ required: true, description: descriptions.userId }),
      expectedRevision: t.input.int({ description: descriptions.expectedRevision }),
    },
    authScopes: (_root, { input: { organizationId, userId } }, { viewer }) =>
      userId === viewer.userId ? { readOrganization: organizationId } : { manageMembers: organizationId },
    resolve: async (_root, { input: { organizationId, ...input } }, { database, actor }) => {
      const revision = await removeMember(database(), { organizationId, actor: actor() }, input);
      return { organizationId, userId: input.userId, revision };
    },
  }),
);
