import type { ApiKeyScope } from '../domain/keys/api-key.ts';
import { withLoaded } from '../domain/reading/loader.ts';
import { ForbiddenError, UserError } from '../errors/base.ts';
import {
  authorizeBy,
  type Delegations,
  isDelegable,
  nothingDelegated,
  type Permission,
  permissionNames,
  permissionsOf,
  rolesWith,
  scopeInGraph,
} from './permissions.ts';
import type { Role, Viewer } from './viewer.ts';

/** Reads the settings of an organization. They are read only for an admin, and only where they matter. */
interface Settings {
  load: (organizationId: string) => Delegations | Promise<Delegations>;
}

/**
 * As `authorize`, for any permission: the organization may have delegated it.
 * @throws UserError
 */
export function authorizeIn(
  { viewer, states }: { viewer: Viewer; states: Settings },
  permission: Permission,
  organizationId: string,
): true | Promise<true> {
  const matters = isDelegable(permission, viewer.memberships.get(organizationId));
  const settings = matters ? states.load(organizationId) : nothingDelegated;
  return withLoaded(settings, (known) => {
    authorizeBy(known, viewer, permission, organizationId);
    if (matters) {
      viewer.delegated ??= new Set();
      viewer.delegated.add(`${organizationId} ${permission}`);
    }
    return true;
  });
}

/** Whether the viewer still has what was once `delegated` to it. */
export async function isDelegatedStill(
  context: { viewer: Viewer; states: Settings },
  delegated: string,
): Promise<boolean> {
  const [organizationId = '', name = ''] = delegated.split(' ');
  const permission = permissionNames.find((one) => one === name);
  if (permission === undefined) return false;
  try {
    return await authorizeIn(context, permission, organizationId);
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** The permissions of a role in an organization. */
export function permissionsIn(
  { states }: { states: Settings },
  role: Role,
  organizationId: string,
): Permission[] | Promise<Permission[]> {
  const matters = permissionNames.some((name) => isDelegable(name, role));
  const settings = matters ? states.load(organizationId) : nothingDelegated;
  return withLoaded(settings, (known) => permissionsOf(role, known));
}

/**
 * True where the viewer may give these scopes to an API key: an owner gives all, an admin those whose permissions it has itself.
 * @throws ForbiddenError
 */
export function authorizeScopes({ memberships }: Viewer, scopes: readonly ApiKeyScope[], organizationId: string): true {
  const role = memberships.get(organizationId);
  if (role === 'OWNER') return true;
  const beyond = scopes.find((scope) => role === undefined || !rolesWith(scope).includes(role));
  if (beyond === undefined) return true;
  const message = `You must be an Owner to give an API key the scope ${scopeInGraph(beyond)}`;
  throw new ForbiddenError('INSUFFICIENT_PERMISSIONS', message, organizationId);
}
