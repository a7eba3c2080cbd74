import type { Viewer as ViewerShape } from '../auth/viewer.ts';
import { builder } from './builder.ts';
import { Membership } from './membership.ts';
import { User } from './user.ts';

const Viewer = builder.objectRef<ViewerShape>('Viewer').implement({
  description: 'Who asks, and what it may do.',
  fields: (t) => ({
    user: t.prismaField({
      type: User,
      nullable: true,
      description: 'The user; null for an anonymous caller.',
      resolve: (query, { userId: id }, _args, { db }) =>
        id === null ? null : db.user.findUnique({ ...query, where: { id } }),
    }),
    memberships: t.field({
      type: [Membership],
      description: 'The organizations that the viewer may enter: a token that names one may enter that one only.',
      resolve: ({ userId, memberships }) =>
        userId === null ? [] : [...memberships].map(([organizationId, role]) => ({ organizationId, userId, role })),
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    description: 'Who asks. Anonymous callers have no user and no memberships.',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
);
