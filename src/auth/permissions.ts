import type { ApiKeyScope } from '../domain/keys/api-key.ts';
import type { PlatformKeyScope } from '../domain/keys/platform-key.ts';
import { accessDenied } from '../domain/ledger/reauthorize.ts';
import type { GovernedState } from '../domain/ledger/snapshot.ts';
import { maxOrganizationIds, type OrganizationScope } from '../domain/reading/read-scope.ts';
import { ForbiddenError, UnauthenticatedError, type UserError } from '../errors/base.ts';
import { organizationIdsOf, type Role, type Service, type Viewer } from './viewer.ts';

interface Grant {
  /** The roles that have the permission. */
  roles: readonly Role[];
  /** The scope that an API key needs for it. Absent: no API key has it. */
  scope?: ApiKeyScope;
  /** The scope that a platform key needs for it. Absent: no platform key has it. */
  platformScope?: PlatformKeyScope;
  /** The setting of the organization that gives it to its admins too, where it is `ADMINS`. Absent: it cannot. */
  delegatedBy?: keyof Delegations;
}

/** The settings of an organization by which its owners share permissions. */
export type Delegations = Pick<GovernedState, 'apiKeyManagers'>;

const everyone = ['OWNER', 'ADMIN', 'MEMBER'] as const;
const admins = ['OWNER', 'ADMIN'] as const;
const owners = ['OWNER'] as const;

/**
 * The only table of permissions: which roles and scopes of keys may do what in an organization. Fields name them in
 * `authScopes`.
 */
export const permissions = {
  readOrganization: { roles: everyone, scope: 'read', platformScope: 'read' },
  readRevisions: { roles: admins },
  readSubjects: { roles: admins, scope: 'read', platformScope: 'read' },
  readPolicy: { roles: admins, scope: 'settings:write', platformScope: 'policy:write' },
  updateModelSettings: { roles: admins, scope: 'settings:write', platformScope: 'policy:write' },
  writeOrganizationConfigs: { roles: admins },
  writeOwnConfigs: { roles: everyone },
  manageProviderKeys: { roles: admins },
  useProviderKeys: { roles: [], scope: 'keys:use', platformScope: 'keys:use' },
  recordUsage: { roles: admins, scope: 'usage:write', platformScope: 'usage:write' },
  manageApiKeys: { roles: owners, delegatedBy: 'apiKeyManagers' },
  updateOrganization: { roles: owners, platformScope: 'organizations:write' },
  manageMembers: { roles: owners },
  requestExceptions: { roles: everyone },
  manageExceptions: { roles: admins },
  manageTeams: { roles: admins },
  manageDirectory: { roles: owners },
} as const satisfies Record<string, Grant>;

export type Permission = keyof typeof permissions;

export const permissionNames = Object.keys(permissions) as Permission[];

/** A permission that depends on the role alone. */
export type FixedPermission = {
  [Name in Permission]: (typeof permissions)[Name] extends { delegatedBy: unknown } ? never : Name;
}[Permission];

/** The permissions of a role, in the order of the table; `settings` are those of the organization. */
export function permissionsOf(role: Role, settings: Delegations): Permission[] {
  return permissionNames.filter((name) => hasPermission(role, name, settings));
}

/** Whether the settings of an organization matter for this permission of the role. */
export function isDelegable(permission: Permission, role: Role | undefined): boolean {
  return role === 'ADMIN' && grantOf(permission).delegatedBy !== undefined;
}

/** The roles that have the permission of this scope. */
export function rolesWith(scope: ApiKeyScope): readonly Role[] {
  return permissionNames.flatMap((name) => (grantOf(name).scope === scope ? grantOf(name).roles : []));
}

/** Whether this viewer has the permission in that organization. Reads nothing from the database. */
export function may(viewer: Viewer, permission: FixedPermission, organizationId: string): boolean {
  return mayBy(nothingDelegated, viewer, permission, organizationId);
}

function mayBy(
  settings: Delegations,
  { memberships, service }: Viewer,
  permission: Permission,
  organizationId: string,
): boolean {
  if (service) return service.organizationIds.includes(organizationId) && hasScope(service, permission);
  const role = memberships.get(organizationId);
  return role !== undefined && hasPermission(role, permission, settings);
}

function hasScope(service: Service, permission: Permission): boolean {
  const { scope, platformScope } = grantOf(permission);
  if (service.key === 'API') return scope !== undefined && service.scopes.includes(scope);
  return platformScope !== undefined && service.scopes.includes(platformScope);
}

function hasPermission(role: Role, permission: Permission, settings: Delegations): boolean {
  const { roles, delegatedBy } = grantOf(permission);
  if (roles.includes(role)) return true;
  return role === 'ADMIN' && delegatedBy !== undefined && settings[delegatedBy] === 'ADMINS';
}

/** The settings where owners share nothing, and where they share all that they can. */
export const nothingDelegated: Delegations = { apiKeyManagers: 'OWNERS' };
const allDelegated: Delegations = { apiKeyManagers: 'ADMINS' };

/**
 * The organizations in which the viewer has one of these permissions, or would have it if it were delegated; lookups by id search
 * only in these.
 */
export function organizationsWith(viewer: Viewer, ...names: Permission[]): OrganizationScope {
  const { userId, memberships, membershipFromToken } = viewer;
  if (userId !== null && !membershipFromToken && memberships.size > maxOrganizationIds) {
    const isAnyOf = (role: Role) => names.some((name) => hasPermission(role, name, allDelegated));
    return { memberId: userId, roles: everyone.filter(isAnyOf) };
  }
  const isIn = (id: string) => names.some((name) => mayBy(allDelegated, viewer, name, id));
  return { organizationIds: organizationIdsOf(viewer).filter(isIn) };
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
export function authorize(viewer: Viewer, permission: FixedPermission, organizationId: string): true {
  return authorizeBy(nothingDelegated, viewer, permission, organizationId);
}

/** As `authorize`, by the settings of the organization. */
export function authorizeBy(
  settings: Delegations,
  viewer: Viewer,
  permission: Permission,
  organizationId: string,
): true {
  if (mayBy(settings, viewer, permission, organizationId)) return true;
  authenticate(viewer);
  throw denial(viewer, permission, organizationId);
}

function denial({ memberships, service }: Viewer, permission: Permission, organizationId: string): UserError {
  const isInside = service ? service.organizationIds.includes(organizationId) : memberships.has(organizationId);
  if (!isInside) return namesNone(service) ? organizationUnnamed(organizationId) : accessDenied(organizationId);
  if (service) return new ForbiddenError('INSUFFICIENT_PERMISSIONS', lack(service, permission), organizationId);
  const { roles, delegatedBy } = grantOf(permission);
  const remedy = isDelegable(permission, memberships.get(organizationId))
    ? `, or an Owner must set ${delegatedBy} to ADMINS`
    : '';
  const message = `You must be ${inWords(roles)} to perform this action${remedy}`;
  return new ForbiddenError('INSUFFICIENT_PERMISSIONS', message, organizationId);
}

/** What a service lacks to have a permission. */
function lack({ key }: Service, permission: Permission): string {
  const { scope, platformScope } = grantOf(permission);
  if (key === 'API') {
    return scope ? `This API key lacks the scope ${scopeInGraph(scope)}` : 'No API key may perform this action';
  }
  return platformScope ? lacksScope(platformScope) : 'No platform key may perform this action';
}

/** What is said to a platform key that lacks a scope. */
export function lacksScope(scope: PlatformKeyScope): string {
  return `This platform key lacks the scope ${scope}`;
}

/**
 * For what is found by its id, in the organizations that the viewer has access to.
 * @throws ForbiddenError for a platform key whose request names no organization
 */
export function requireOrganization({ service }: Viewer): void {
  if (namesNone(service)) throw organizationUnnamed(null);
}

function namesNone(service: Service | null): boolean {
  return service?.key === 'PLATFORM' && !service.namesOrganization;
}

/** The denial for a platform key whose request names no organization; the same whether or not this one exists. */
function organizationUnnamed(organizationId: string | null): ForbiddenError {
  const message =
    'A platform key acts in the organization that the request names, and this one names none: send X-Organization-Id, or ask at a path that has it';
  return new ForbiddenError('ORGANIZATION_ACCESS_DENIED', message, organizationId);
}

function grantOf(permission: Permission): Grant {
  return permissions[permission];
}

/** The scope as clients write it: GraphQL enum values cannot contain a colon. */
export function scopeInGraph(scope: ApiKeyScope): string {
  return scope.replace(':', '_').toUpperCase();
}

function inWords(roles: readonly Role[]): string {
  if (roles.length === 0) return 'a service with an API key';
  return roles.includes('ADMIN') ? 'an Admin or Owner' : 'an Owner';
}
