import { authenticate } from '../../auth/permissions.ts';
import { updateUser } from '../../domain/organizations/user-change.ts';
import { withLoaded } from '../../domain/reading/loader.ts';
import { ForbiddenError, UnauthenticatedError, ValidationError } from '../../errors/base.ts';
import { builder } from '../builder.ts';

export const User = builder.prismaObject('User', {
  interfaces: [builder.nodeInterfaceRef()],
  description: 'A person. Visible to itself and to those who share an organization, or its history, with it.',
  visible: ({ id }, { viewer, knownUsers }) => {
    authenticate(viewer);
    // A service needs the scope `read` for users, as for everything else in an organization.
    if (viewer.service && !viewer.service.scopes.includes('read')) return false;
    return id === viewer.userId || withLoaded(knownUsers.load(id), (user) => user !== null);
  },
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id: `usr_…`, or `user_…` as some issuers give it.' }),
    name: t.exposeString('name', { nullable: true, description: 'The name, where it is known.' }),
    picture: t.exposeString('picture', { nullable: true, description: 'The URL of a picture, where it is known.' }),
    email: t.string({
      nullable: true,
      description: 'The e-mail address, where it is known; for the user itself alone.',
      resolve: ({ id, email }, _args, { viewer }) => (id === viewer.userId ? email : null),
    }),
  }),
});

builder.mutationField('updateUser', (t) =>
  t.fieldWithInput({
    type: User,
    description:
      'Changes the caller itself. A name that it chose is not replaced by those of tokens any more. For every signed-in user, but not for whoever acts as one.',
    errors: {
      types: [ValidationError, ForbiddenError, UnauthenticatedError],
      union: { name: 'UpdateUserResult', description: 'The user after the change, or why there was none.' },
    },
    typeOptions: { name: 'UpdateUserInput', description: 'A change of the caller.' },
    argOptions: { description: 'The change.' },
    input: { name: t.input.string({ required: true, description: 'The name, of 1 to 200 characters.' }) },
    authScopes: { person: true },
    resolve: (_root, { input }, { database, viewer, markChanged }) => {
      if (viewer.userId === null) throw new UnauthenticatedError();
      // It is in no history, which could name both.
      if (viewer.impersonatedBy !== null) {
        throw new ForbiddenError('INSUFFICIENT_PERMISSIONS', 'Whoever acts as somebody else cannot change them');
      }
      markChanged(viewer.userId);
      return updateUser(database(), viewer.userId, input);
    },
  }),
);
