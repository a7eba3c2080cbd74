import { platformKeyIdOf, type Viewer as ViewerShape } from '../../auth/viewer.ts';
import { ValidationError } from '../../errors/base.ts';
import { builder } from '../builder.ts';
import { Membership } from './membership.ts';
import { User } from './user.ts';

export const ViewerKind = builder.enumType('CallerKind', {
  description: 'The kind of a caller.',
  values: {
    ANONYMOUS: { description: 'The caller is not authenticated.' },
    USER: { description: 'A person, by a token of the identity provider.' },
    SERVICE: { description: 'A service, by its API key or a platform key.' },
  } satisfies Record<ViewerShape['kind'], { description: string }>,
});

export const Viewer = builder.objectRef<ViewerShape>('Caller').implement({
  description: 'The caller, and what it may do.',
  fields: (t) => ({
    kind: t.field({ type: ViewerKind, description: 'Its kind.', resolve: ({ kind }) => kind }),
    user: t.field({
      type: User,
      nullable: true,
      description: 'The user; null for an anonymous caller and for a service.',
      resolve: ({ userId }, _args, { knownUsers }) => (userId === null ? null : knownUsers.load(userId)),
    }),
    platformKeyId: t.id({
      nullable: true,
      description:
        'The id of the platform key of a service, which acts in the organization that its request names; null for any other caller.',
      resolve: platformKeyIdOf,
    }),
    memberships: t.field({
      type: [Membership],
      description:
        'The organizations that the caller has access to, ordered by id. A token that names one gives access to that one alone. Each costs four points: read many of them in pages, by `first` and `after`.',
      args: {
        first: t.arg.int({ description: 'The maximum number; absent: all.' }),
        after: t.arg.id({ description: 'Only those after the organization with this id.' }),
      },
      resolve: ({ userId, memberships }, { first, after }) => {
        if (userId === null) return [];
        if (typeof first === 'number' && first < 0)
          throw new ValidationError([{ path: 'first', message: 'must not be negative' }]);
        const entered = [...memberships].filter(([organizationId]) => !after || organizationId > after);
        return entered.slice(0, first ?? undefined).map(([organizationId, role]) => ({ organizationId, userId, role }));
      },
    }),
  }),
});

builder.queryField('caller', (t) =>
  t.field({
    type: Viewer,
    description: 'The caller. An anonymous caller has no user and no memberships.',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
);
