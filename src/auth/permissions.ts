import { ForbiddenError, UnauthenticatedError, type UserError } from '../errors.ts';
import type { Role, Viewer } from './viewer.ts';

const everyone = ['OWNER', 'ADMIN', 'MEMBER'] as const;
const admins = ['OWNER', 'ADMIN'] as const;

/** Who may do what in an organization: the only table of permissions. A field names one of them as its scope. */
export const permissions = {
  readOrganization: everyone,
  readRevisions: admins,
  updateModelSettings: admins,
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof permissions;

export const permissionNames = Object.keys(permissions) as Permission[];

/** What a role may do, in the order of the table. */
export function permissionsOf(role: Role): Permission[] {
  return permissionNames.filter((name) => (permissions[name] as readonly Role[]).includes(role));
}

/**
 * Why this viewer may not do this in that organization; undefined when it may. Asks nothing of the organization itself,
 * so that a foreign one and an absent one are refused alike.
 */
export function refusal(viewer: Viewer, permission: Permission, organizationId: string): UserError | undefined {
  if (viewer.kind === 'ANONYMOUS') return new UnauthenticatedError();

  const role = viewer.memberships.get(organizationId);
  if (role === undefined) {
    return new ForbiddenError(
      'ORGANIZATION_ACCESS_DENIED',
      "You don't have access to this organization",
      organizationId,
    );
  }
  if (!(permissions[permission] as readonly Role[]).includes(role)) {
    return new ForbiddenError(
      'INSUFFICIENT_PERMISSIONS',
      `You must be ${rolesInWords(permissions[permission])} to perform this action`,
      organizationId,
    );
  }
  return undefined;
}

function rolesInWords(roles: readonly Role[]): string {
  return roles.includes('ADMIN') ? 'an Admin or Owner' : 'an Owner';
}
