import { z } from 'zod';
import { authorize } from '../../auth/permissions.ts';
import type { InvitationState as StateName } from '../../database/generated/prisma/enums.ts';
import {
  type Invitation as InvitationShape,
  invitationStateOf,
  keyOfInvitation,
  linkOfInvitation,
} from '../../domain/organizations/invitation.ts';
import { builder } from '../builder.ts';
import { cursorTime, keysetConnection } from '../connection.ts';
import { Role } from './membership.ts';

const InvitationState = builder.enumType('InvitationState', {
  description: 'The state of an invitation.',
  values: {
    PENDING: { description: 'It can be accepted.' },
    ACCEPTED: { description: 'The user accepted it, and became a member.' },
    DECLINED: { description: 'The user declined it.' },
    REVOKED: { description: 'An owner revoked it, or the owner who made it is no longer one.' },
    EXPIRED: { description: 'It was not answered in time.' },
  } satisfies Record<StateName, { description: string }>,
});

// Shows nothing of the user but its id, as it was given: whether there is such a user is not looked up.
export const Invitation = builder.objectRef<InvitationShape>('Invitation').implement({
  interfaces: [builder.nodeInterfaceRef()],
  description:
    'A membership that is offered to a user, by its id or its e-mail address, who may accept or decline it for 14 days. It shows nothing about the user, not even whether the user exists. Visible to owners.',
  visible: ({ organizationId }, { viewer }) => authorize(viewer, 'manageMembers', organizationId),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id: `inv_…`.' }),
    organizationId: t.exposeID('organizationId', { description: 'The id of the organization.' }),
    userId: t.exposeID('userId', {
      nullable: true,
      description: 'The id of the user, as it was given; null where an address was.',
    }),
    email: t.exposeString('email', {
      nullable: true,
      description:
        'The e-mail address, in lower case; whoever signs in with it, verified by its issuer, may accept. Null where an id was given.',
    }),
    link: t.string({
      nullable: true,
      description:
        'The link to send to whoever is invited, by INVITATION_URL; null where that is not set. No mail is sent here. It holds no secret: only who is invited can accept.',
      resolve: ({ organizationId, id }, _args, { invitationUrl }) =>
        linkOfInvitation(invitationUrl, { organizationId, invitationId: id }),
    }),
    role: t.field({ type: Role, description: 'The role that the user will have.', resolve: ({ role }) => role }),
    state: t.field({
      type: InvitationState,
      description: 'Its state.',
      resolve: (invitation, _args, { now }) => invitationStateOf(invitation, now),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it expires.' }),
  }),
});

builder.prismaObjectField('Organization', 'invitations', (t) =>
  t.connection(
    {
      type: Invitation,
      // A viewer who may not read them gets null here, and can still read the rest of the organization.
      nullable: true,
      description: 'Its invitations: pending ones first, then newest first. For owners.',
      authScopes: ({ id }) => ({ manageMembers: id }),
      resolve: ({ id }, args, { invitations, invitationCounts, limits }) =>
        keysetConnection({
          args,
          maxSize: limits.pageSize,
          key: z.tuple([z.boolean(), cursorTime, z.string()]),
          keyOf: keyOfInvitation,
          load: (page) => invitations.load({ ownerId: id, page }),
          totalCount: () => invitationCounts.load(id),
        }),
    },
    { name: 'InvitationConnection', description: 'A page of invitations.' },
    { name: 'InvitationEdge', description: 'An invitation on a page.' },
  ),
);
