import { z } from 'zod';
import { authorize } from '../../auth/permissions.ts';
import type { InvitationState as StateName } from '../../database/generated/prisma/enums.ts';
import {
  type Invitation as InvitationShape,
  invitationStateOf,
  keyOfInvitation,
} from '../../domain/organizations/invitation.ts';
import { builder } from '../builder.ts';
import { cursorTime, keysetConnection } from '../connection.ts';
import { Role } from './membership.ts';

const InvitationState = builder.enumType('InvitationState', {
  description: 'What has become of an invitation.',
  values: {
    PENDING: { description: 'It can be accepted.' },
    ACCEPTED: { description: 'The user accepted it, and became a member.' },
    DECLINED: { description: 'The user declined it.' },
    REVOKED: { description: 'An owner took it back, or ceased to be one.' },
    EXPIRED: { description: 'Nobody answered it in time.' },
  } satisfies Record<StateName, { description: string }>,
});

// Nothing of the user but its id, as it was given: whether there is such a user is not looked for.
export const Invitation = builder.objectRef<InvitationShape>('Invitation').implement({
  interfaces: [builder.nodeInterfaceRef()],
  description:
    'A membership that is offered to a user, who may accept or decline it for 14 days. It tells nothing of the user, not even whether there is one. Visible to owners.',
  visible: ({ organizationId }, { viewer }) => authorize(viewer, 'manageMembers', organizationId),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id: `inv_…`.' }),
    organizationId: t.exposeID('organizationId', { description: 'The id of the organization.' }),
    userId: t.exposeID('userId', { description: 'The id of the user, as it was given.' }),
    role: t.field({ type: Role, description: 'What the user will be there.', resolve: ({ role }) => role }),
    state: t.field({
      type: InvitationState,
      description: 'What has become of it.',
      resolve: (invitation, _args, { now }) => invitationStateOf(invitation, now),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'From when on it can no longer be accepted.' }),
  }),
});

builder.prismaObjectField('Organization', 'invitations', (t) =>
  t.connection(
    {
      type: Invitation,
      // So that who may not read it can still read the rest of the organization.
      nullable: true,
      description: 'Its invitations: those first that nobody has answered, then the newest. For owners.',
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
