import { inviteMember, revokeInvitation } from '../../domain/organizations/invitation-change.ts';
import {
  ForbiddenError,
  NotFoundError,
  RevisionConflictError,
  UnauthenticatedError,
  ValidationError,
} from '../../errors/base.ts';
import { builder } from '../builder.ts';
import { Invitation } from './invitation.ts';
import { Role } from './membership.ts';

const errorTypes = [RevisionConflictError, ValidationError, ForbiddenError, UnauthenticatedError];

const descriptions = {
  organizationId: 'The id of the organization.',
  expectedRevision: 'Refuses the change if the organization is at another revision than this.',
};

builder.mutationFields((t) => ({
  inviteMember: t.fieldWithInput({
    type: Invitation,
    description:
      'Invites a user, by its id or its e-mail address, who need not have signed in before, and becomes a member by accepting. No mail is sent: `link` of the invitation is for that. For owners.',
    errors: {
      types: errorTypes,
      union: { name: 'InviteMemberResult', description: 'The new invitation, or why there is none.' },
    },
    typeOptions: { name: 'InviteMemberInput', description: 'A membership to offer.' },
    argOptions: { description: 'The organization, the user and the role.' },
    input: {
      organizationId: t.input.id({ required: true, description: descriptions.organizationId }),
      userId: t.input.id({
        description: 'The id of the user: `usr_…` or `user_…`. Either this or `email` is required.',
      }),
      email: t.input.string({
        description: 'The e-mail address of the user, of up to 254 characters. Upper and lower case are the same.',
      }),
      role: t.input.field({
        type: Role,
        required: true,
        defaultValue: 'MEMBER',
        description: 'The role of the user.',
      }),
      expectedRevision: t.input.int({ description: descriptions.expectedRevision }),
    },
    authScopes: (_root, { input }) => ({ manageMembers: input.organizationId }),
    resolve: (_root, { input: { organizationId, ...input } }, { database, actor, now, limits }) =>
      inviteMember(database(), { organizationId, actor: actor(), now, limits }, input),
  }),

  revokeInvitation: t.fieldWithInput({
    type: Invitation,
    description: 'Revokes a pending invitation. For owners.',
    errors: {
      types: [NotFoundError, ...errorTypes],
      union: { name: 'RevokeInvitationResult', description: 'The invitation after the change, or why there was none.' },
    },
    typeOptions: { name: 'RevokeInvitationInput', description: 'An invitation to revoke.' },
    argOptions: { description: 'The organization and the invitation.' },
    input: {
      organizationId: t.input.id({ required: true, description: descriptions.organizationId }),
      invitationId: t.input.id({ required: true, description: 'The id of the invitation.' }),
      expectedRevision: t.input.int({ description: descriptions.expectedRevision }),
    },
    authScopes: (_root, { input }) => ({ manageMembers: input.organizationId }),
    resolve: (_root, { input: { organizationId, ...input } }, { database, actor, now }) =>
      revokeInvitation(database(), { organizationId, actor: actor(), now }, input),
  }),
}));
