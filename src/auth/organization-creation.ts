import { ForbiddenError } from '../errors/base.ts';
import type { OrganizationCreators } from '../limits.ts';
import { lacksScope } from './permissions.ts';
import type { Viewer } from './viewer.ts';

/** Who may create organizations; `operators` are ids of users. */
export interface OrganizationCreation {
  creators: OrganizationCreators;
  operators: ReadonlySet<string>;
}

const denials = {
  operators:
    'Only operators of this service may create organizations: ask one of them to create it, or to list your user id in OPERATORS',
  nobody:
    'Organizations are not created here: ask an operator of this service, who has the command "modelgate bootstrap"',
} as const;

/**
 * True for a user who may create organizations, and for a platform key that has the scope: an operator made it.
 * @throws ForbiddenError that says whom to ask
 */
export function authorizeCreation({ userId, service }: Viewer, { creators, operators }: OrganizationCreation): true {
  if (service?.key === 'API') throw forbidden('No API key may perform this action');
  if (service && !service.scopes.includes('organizations:write')) throw forbidden(lacksScope('organizations:write'));
  if (creators === 'anyone' || (creators === 'operators' && service)) return true;
  if (creators === 'operators' && userId !== null && operators.has(userId)) return true;
  throw forbidden(denials[creators]);
}

function forbidden(message: string): ForbiddenError {
  return new ForbiddenError('INSUFFICIENT_PERMISSIONS', message);
}
