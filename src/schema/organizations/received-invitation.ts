import { addMembership } from '../../auth/viewer.ts';
import type { Context } from '../../context.ts';
import {
  findReceivedInvitations,
  type ReceivedInvitation as ReceivedInvitationShape,
} from '../../domain/organizations/invitation.ts';
import {
  acceptInvitation,
  declineInvitation,
  type InvitationAnswer,
} from '../../domain/organizations/invitation-answer.ts';
import { ForbiddenError, NotFoundError, UnauthenticatedError, ValidationError } from '../../errors/base.ts';
import { builder } from '../builder.ts';
import { Membership, Role } from './membership.ts';
import { Viewer } from './viewer.ts';

const ReceivedInvitation = builder.objectRef<ReceivedInvitationShape>('ReceivedInvitation').implement({
  description: 'A membership that is offered to the caller.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id: `inv_…`.' }),
    organizationId: t.exposeID('organizationId', { description: 'The id of the organization.' }),
    organizationName: t.exposeString('organizationName', {
      nullable: true,
      description: "The organization's name, where it is known.",
    }),
    role: t.field({ type: Role, description: 'The role that the caller would have.', resolve: ({ role }) => role }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it expires.' }),
  }),
});

builder.objectField(Viewer, 'invitations', (t) =>
  t.field({
    type: [ReceivedInvitation],
    description:
      'The memberships that are offered to the user, by its id or by the e-mail address that its token says is verified, and can be accepted now: the newest, at most 100 unless the service is set up otherwise. They are the same whichever organization the token names; none for a service.',
    resolve: ({ userId, verifiedEmail }, _args, { database, now, limits }) =>
      userId === null
        ? []
        : findReceivedInvitations(database(), { userId, verifiedEmail }, { now, limit: limits.pageSize }),
  }),
);

const DeclineInvitationPayload = builder
  .objectRef<{ organizationId: string; invitationId: string }>('DeclineInvitationPayload')
  .implement({
    description: 'An invitation that was declined.',
    fields: (t) => ({
      organizationId: t.exposeID('organizationId', { description: 'The id of the organization.' }),
      invitationId: t.exposeID('invitationId', { description: 'The id of the invitation.' }),
    }),
  });

const errorTypes = [NotFoundError, ValidationError, ForbiddenError, UnauthenticatedError];

const descriptions = {
  organizationId: 'The id of the organization.',
  invitationId: 'The id of an invitation of `caller.invitations`.',
};

builder.mutationFields((t) => ({
  acceptInvitation: t.fieldWithInput({
    type: Membership,
    description:
      'Makes the caller a member at once. An invitation that it cannot accept gives the same error as one that does not exist. A token that names another organization still gives access to that one alone.',
    errors: {
      types: errorTypes,
      union: { name: 'AcceptInvitationResult', description: 'The new membership, or why there is none.' },
    },
    typeOptions: { name: 'AcceptInvitationInput', description: 'An invitation to accept.' },
    argOptions: { description: 'The organization and the invitation.' },
    input: {
      organizationId: t.input.id({ required: true, description: descriptions.organizationId }),
      invitationId: t.input.id({ required: true, description: descriptions.invitationId }),
    },
    authScopes: { person: true },
    resolve: async (_root, { input }, context) => {
      const { database, viewer } = context;
      const membership = await acceptInvitation(database(), answerOf(input, context));
      if (viewer.organizationFromToken === null) addMembership(viewer, membership.organizationId, membership.role);
      return { ...membership, isResult: true as const };
    },
  }),

  declineInvitation: t.fieldWithInput({
    type: DeclineInvitationPayload,
    description: 'Declines an invitation of the caller. The organization learns nothing else about the caller.',
    errors: {
      types: errorTypes,
      union: { name: 'DeclineInvitationResult', description: 'What was declined, or why nothing was.' },
    },
    typeOptions: { name: 'DeclineInvitationInput', description: 'An invitation to decline.' },
    argOptions: { description: 'The organization and the invitation.' },
    input: {
      organizationId: t.input.id({ required: true, description: descriptions.organizationId }),
      invitationId: t.input.id({ required: true, description: descriptions.invitationId }),
    },
    authScopes: { person: true },
    resolve: async (_root, { input }, context) => {
      await declineInvitation(context.database(), answerOf(input, context));
      return input;
    },
  }),
}));

function answerOf(
  { organizationId, invitationId }: { organizationId: string; invitationId: string },
  { viewer: { userId, verifiedEmail, impersonatedBy }, actor, now }: Context,
): InvitationAnswer {
  if (userId === null) throw new UnauthenticatedError();
  const invitee = { userId, verifiedEmail };
  return { organizationId, invitationId, invitee, impersonatedBy, invalidate: actor().invalidate, now };
}
