import type { Database } from '../database/client.ts';
import { apiKeyScopes, apiKeyStatusOf, findApiKeyByHash } from '../domain/api-key.ts';
import { hashOfApiKeyToken } from '../domain/api-key-token.ts';
import { UnauthenticatedError } from '../errors.ts';
import type { Service, Viewer } from './viewer.ts';

/**
 * The service that shows this API key, and for how long. The database is asked each time, so that a revocation or an expiry holds at once
 * on every instance.
 *
 * @throws UnauthenticatedError
 */
export async function authenticateService(
  db: Database,
  token: string,
  now: Date,
): Promise<Service & Pick<Viewer, 'validForMs'>> {
  const hash = hashOfApiKeyToken(token);
  const apiKey = hash && (await findApiKeyByHash(db, hash));
  if (!apiKey) throw new UnauthenticatedError('Your API key is invalid');

  const status = apiKeyStatusOf(apiKey, now);
  if (status === 'REVOKED') throw new UnauthenticatedError('Your API key has been deactivated');
  if (status === 'EXPIRED') throw new UnauthenticatedError('Your API key has expired');
  return {
    apiKeyId: apiKey.id,
    organizationId: apiKey.organizationId,
    scopes: apiKeyScopes.filter((scope) => apiKey.scopes.includes(scope)),
    validForMs: apiKey.expiresAt === null ? Number.POSITIVE_INFINITY : apiKey.expiresAt.getTime() - now.getTime(),
  };
}
