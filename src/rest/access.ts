import { type Permission, permissions, scopeInGraph } from '../auth/permissions.ts';
import type { Role } from '../auth/viewer.ts';

/** The permissions of the table that routes depend on. */
export type RoutePermission = Extract<
  Permission,
  | 'readOrganization'
  | 'readRevisions'
  | 'readSubjects'
  | 'updateModelSettings'
  | 'writeOwnConfigs'
  | 'manageProviderKeys'
>;

const grants: Record<RoutePermission, { roles: readonly Role[]; scope?: Parameters<typeof scopeInGraph>[0] }> =
  permissions;

/** Who has a permission, in words, and what requests are authenticated by. */
export function accessOf(permission: RoutePermission) {
  const { roles, scope } = grants[permission];
  const people = roles.includes('MEMBER') ? 'every member of the organization' : 'owners and admins';
  const services = scope ? `API keys with the scope \`${scopeInGraph(scope)}\`` : 'no API key';
  return {
    who: `Who may: ${people}; ${services}.`,
    security: [{ bearer: [] }, ...(scope ? [{ apiKey: [] }] : [])],
  };
}
