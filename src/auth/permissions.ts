import type { ApiKeyScope } from '../domain/api-key.ts';
import { accessDenied } from '../domain/standing.ts';
import { ForbiddenError, UnauthenticatedError, type UserError } from '../errors.ts';
import type { Role, Viewer } from './viewer.ts';

interface Grant {
  /** The roles of users who may. */
  roles: readonly Role[];
  /** The scope of the API keys that may; absent: none may. */
  scope?: ApiKeyScope;
}

const everyone = ['OWNER', 'ADMIN', 'MEMBER'] as const;
const admins = ['OWNER', 'ADMIN'] as const;
const owners = ['OWNER'] as const;

/** Who may do what in an organization: the only table of permissions. A field names one of them as its scope. */
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
} as const satisfies Record<string, Grant>;

export type Permission = keyof typeof permissions;

export const permissionNames = Object.keys(permissions) as Permission[];

/** What a role may do, in the order of the table. */
export function permissionsOf(role: Role): Permission[] {
  return permissionNames.filter((name) => grantOf(name).roles.includes(role));
}

/**
 * Why this viewer may not do this in that organization; undefined when it may. Asks nothing of the organization itself,
 * so that a foreign one and an absent one are refused alike.
 */
export function refusal(viewer: Viewer, permission: Permission, organizationId: string): UserError | undefined {
  if (viewer.kind === 'ANONYMOUS') return new UnauthenticatedError();

  const { service } = viewer;
  const role = viewer.memberships.get(organizationId);
  if (service?.organizationId !== organizationId && role === undefined) return accessDenied(organizationId);

  const { roles, scope } = grantOf(permission);
  if (service) {
    if (scope !== undefined && service.scopes.includes(scope)) return undefined;
    const message = scope
      ? `This API key lacks the scope ${scopeInGraph(scope)}`
      : 'No API key may perform this action';
    return new ForbiddenError('INSUFFICIENT_PERMISSIONS', message, organizationId);
  }
  if (role !== undefined && roles.includes(role)) return undefined;
  return new ForbiddenError(
    'INSUFFICIENT_PERMISSIONS',
    `You must be ${inWords(roles)} to perform this action`,
    organizationId,
  );
}

function grantOf(permission: Permission): Grant {
  return permissions[permission];
}

/** As clients write it: the graph's enum values cannot hold a colon. */
function scopeInGraph(scope: ApiKeyScope): string {
  return scope.replace(':', '_').toUpperCase();
}

function inWords(roles: readonly Role[]): string {
  if (roles.length === 0) return 'a service with an API key';
  return roles.includes('ADMIN') ? 'an Admin or Owner' : 'an Owner';
}
