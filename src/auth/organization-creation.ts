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
 * True for a user who may create organizations, and for a platform key that has the scopes: an operator made it.
 * @throws ForbiddenError that says whom to ask
 */
export function authorizeCreation({ userId, service }: Viewer, { creators, operators }: OrganizationCreation): true {
  if (service?.key === 'API') throw forbidden('No API key may perform this action');
  const lacking = service && neededScopes.find((scope) => !service.scopes.includes(scope));
  if (lacking) throw forbidden(lacksScope(lacking));
  if (creators === 'anyone' || (creators === 'operators' && service)) return true;
  if (creators === 'operators' && userId !== null && operators.has(userId)) return true;
  throw forbidden(denials[creators]);
}

/** The answer is the organization, with whatever is in it. */
const neededScopes = ['organizations:write', 'read'] as const;

function forbidden(message: string): ForbiddenError {
  return new ForbiddenError('INSUFFICIENT_PERMISSIONS', message);
}
