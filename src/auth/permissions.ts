import type { ApiKeyScope } from '../domain/keys/api-key.ts';
import { accessDenied } from '../domain/ledger/reauthorize.ts';
import { maxOrganizationIds, type OrganizationScope } from '../domain/reading/read-scope.ts';
import { ForbiddenError, UnauthenticatedError, type UserError } from '../errors/base.ts';
import { organizationIdsOf, type Role, type Viewer } from './viewer.ts';

interface Grant {
  /** The roles that have the permission. */
  roles: readonly Role[];
  /** The scope that an API key needs for it. Absent: no API key has it. */
  scope?: ApiKeyScope;
}

const everyone = ['OWNER', 'ADMIN', 'MEMBER'] as const;
const admins = ['OWNER', 'ADMIN'] as const;
const owners = ['OWNER'] as const;

/**
 * The only table of permissions: which roles and API key scopes may do what in an organization. Fields name them in
 * `authScopes`.
 */
export const permissions = {
  readOrganization: { roles: everyone, scope: 'read' },
  readRevisions: { roles: admins },
  updateModelSettings: { roles: admins, scope: 'settings:write' },
  writeOrganizationConfigs: { roles: admins },
  writeOwnConfigs: { roles: everyone },
  manageProviderKeys: { roles: admins },
  useProviderKeys: { roles: [], scope: 'keys:use' },
  recordUsage: { roles: admins, scope: 'usage:write' },
  manageApiKeys: { roles: owners },
  manageMembers: { roles: owners },
  manageDirectory: { roles: owners },
} as const satisfies Record<string, Grant>;

export type Permission = keyof typeof permissions;

export const permissionNames = Object.keys(permissions) as Permission[];

/** The permissions of a role, in the order of the table. */
export function permissionsOf(role: Role): Permission[] {
  return permissionNames.filter((name) => grantOf(name).roles.includes(role));
}

/** Whether this viewer has the permission in that organization. Reads nothing from the database. */
export function may({ memberships, service }: Viewer, permission: Permission, organizationId: string): boolean {
  const { roles, scope } = grantOf(permission);
  if (service) {
    return service.organizationId === organizationId && scope !== undefined && service.scopes.includes(scope);
  }
  const role = memberships.get(organizationId);
  return role !== undefined && roles.includes(role);
}

/** The organizations in which the viewer has one of these permissions; lookups by id search only in these. */
export function organizationsWith(viewer: Viewer, ...names: Permission[]): OrganizationScope {
  const { userId, memberships, membershipFromToken } = viewer;
  if (userId !== null && !membershipFromToken && memberships.size > maxOrganizationIds) {
    return { memberId: userId, roles: [...new Set(names.flatMap((name) => grantOf(name).roles))] };
  }
  return { organizationIds: organizationIdsOf(viewer).filter((id) => names.some((name) => may(viewer, name, id))) };
}

/** The organizations that the viewer has access to. */
export function organizationsOf(viewer: Viewer): OrganizationScope {
  return viewer.service
    ? { organizationIds: organizationIdsOf(viewer) }
    : organizationsWith(viewer, 'readOrganization');
}

/**
 * True for an authenticated viewer, a user or a service.
 * @throws UnauthenticatedError
 */
export function authenticate({ kind }: Viewer): true {
  if (kind === 'ANONYMOUS') throw new UnauthenticatedError();
  return true;
}

/**
 * True where this viewer has the permission in that organization.
 * @throws UserError that says why not; the denial is the same for a foreign organization and an absent one
 */
export function authorize(viewer: Viewer, permission: Permission, organizationId: string): true {
  if (may(viewer, permission, organizationId)) return true;
  authenticate(viewer);
  throw denial(viewer, permission, organizationId);
}

function denial({ memberships, service }: Viewer, permission: Permission, organizationId: string): UserError {
  const isInside = service?.organizationId === organizationId || memberships.has(organizationId);
  if (!isInside) return accessDenied(organizationId);

  const { roles, scope } = grantOf(permission);
  if (service) {
    const message = scope
      ? `This API key lacks the scope ${scopeInGraph(scope)}`
      : 'No API key may perform this action';
    return new ForbiddenError('INSUFFICIENT_PERMISSIONS', message, organizationId);
  }
  return new ForbiddenError(
    'INSUFFICIENT_PERMISSIONS',
    `You must be ${inWords(roles)} to perform this action`,
    organizationId,
  );
}

function grantOf(permission: Permission): Grant {
  return permissions[permission];
}

/** The scope as clients write it: GraphQL enum values cannot contain a colon. */
function scopeInGraph(scope: ApiKeyScope): string {
  return scope.replace(':', '_').toUpperCase();
}

function inWords(roles: readonly Role[]): string {
  if (roles.length === 0) return 'a service with an API key';
  return roles.includes('ADMIN') ? 'an Admin or Owner' : 'an Owner';
}
