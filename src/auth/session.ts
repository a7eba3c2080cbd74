import type { Database } from '../database/client.ts';
import { isApiKeyToken } from '../domain/api-key-token.ts';
import { welcome } from '../domain/membership.ts';
import { UnauthenticatedError } from '../errors.ts';
import { authenticateService } from './api-key.ts';
import { type TrustedIssuer, verifyToken } from './token.ts';
import { anonymous, type Viewer } from './viewer.ts';

/**
 * Who sends this `Authorization` header. None is anonymous; one that does not hold is an error, never anonymous. A token
 * that names an organization acts in that one alone, in the role it names; else memberships in the database count. An
 * API key is a service, which acts in the key's organization alone.
 *
 * @throws UnauthenticatedError, ServiceUnavailableError
 */
export async function authenticate(
  { db, issuer, now }: { db: Database; issuer: TrustedIssuer; now: Date },
  authorization: string | null,
): Promise<Viewer> {
  if (authorization === null) return anonymous;

  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (token === undefined) throw new UnauthenticatedError('Expected "Authorization: Bearer <token>"');

  if (isApiKeyToken(token)) {
    const { validForMs, ...service } = await authenticateService(db, token, now);
    return { kind: 'SERVICE', userId: null, memberships: new Map(), isVouchedFor: false, validForMs, service };
  }

  const claims = await verifyToken(issuer, token);
  if (claims === null) return anonymous;

  const { userId, organization, validForMs } = claims;
  const memberships = await welcome(db, userId, organization?.id ?? null);
  return {
    kind: 'USER',
    userId,
    memberships: organization ? new Map([[organization.id, organization.role]]) : memberships,
    isVouchedFor: organization !== null,
    validForMs,
    service: null,
  };
}
