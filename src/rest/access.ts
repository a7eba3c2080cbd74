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
  | 'useProviderKeys'
  | 'recordUsage'
>;

interface Grant {
  roles: readonly Role[];
  scope?: Parameters<typeof scopeInGraph>[0];
  platformScope?: string;
}

const grants: Record<RoutePermission, Grant> = permissions;

/** Who has a permission, in words, and what requests are authenticated by. */
export function accessOf(permission: RoutePermission) {
  const { roles, scope, platformScope } = grants[permission];
  const apiKeys = scope ? `API keys with the scope \`${scopeInGraph(scope)}\`` : 'no API key';
  const platformKeys = platformScope ? `platform keys with \`${platformScope}\`` : 'no platform key';
  return {
    who: `Who may: ${peopleOf(roles)}; ${apiKeys}; ${platformKeys}.`,
    security: [{ bearer: [] }, ...(scope ? [{ apiKey: [] }] : [])],
  };
}

function peopleOf(roles: readonly Role[]): string {
  if (roles.length === 0) return 'no user';
  return roles.includes('MEMBER') ? 'every member of the organization' : 'owners and admins';
}
