import type { Context } from '../context.ts';
import { NotFoundError, UnauthenticatedError } from '../errors.ts';
import { type Permission, permissionNames, refusal } from './permissions.ts';

/** What a field or a type may ask of the viewer: a permission in an organization, or one of the scopes below. */
export type AuthScopes = Record<Permission, string> & {
  /** Someone is signed in. */
  signedIn: true;
  /** The viewer is this user, or shares an organization, or the ledger of one, with it. */
  knowsUser: string;
};

/** The scopes of one request. A scope throws its refusal, so that the client is told which one it was. */
export function authScopes({ viewer, knownUsers }: Context) {
  return {
    ...permissionScopes(viewer),
    signedIn: () => {
      if (viewer.kind === 'ANONYMOUS') throw new UnauthenticatedError();
      return true;
    },
    knowsUser: async (userId: string) => {
      if (viewer.kind === 'ANONYMOUS') throw new UnauthenticatedError();
      if (userId !== viewer.userId && !(await knownUsers.load(userId))) throw new NotFoundError();
      return true;
    },
  };
}

function permissionScopes(viewer: Context['viewer']) {
  const scopes = permissionNames.map((permission) => [
    permission,
    (organizationId: string) => {
      const refused = refusal(viewer, permission, organizationId);
      if (refused) throw refused;
      return true;
    },
  ]);
  return Object.fromEntries(scopes) as Record<Permission, (organizationId: string) => true>;
}
