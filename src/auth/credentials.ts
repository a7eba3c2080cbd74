import { isApiKeyToken } from '../domain/keys/api-key-token.ts';

/**
 * The credentials of a request, in the form of an `Authorization` header. Below `/v1` an API key may also come without
 * `Bearer`: in `Authorization`, or in `X-API-Key` where there is none, as clients of earlier systems send it.
 */
export function authorizationOf(path: string, headers: Pick<Headers, 'get'>): string | null {
  const authorization = headers.get('authorization');
  if (!path.startsWith('/v1/')) return authorization;

  if (authorization !== null) return isApiKeyToken(authorization) ? `Bearer ${authorization}` : authorization;
  const apiKey = headers.get('x-api-key');
  return apiKey === null ? null : `Bearer ${apiKey}`;
}
