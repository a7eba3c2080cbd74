import { isApiKeyToken } from '../domain/api-key-token.ts';

/**
 * What a request shows, as its `Authorization` header would say it. Below `/v1` an API key may also come as it is: in
 * `Authorization`, or in `X-API-Key` where there is none. So the clients of earlier systems send it.
 */
export function authorizationOf({ url, headers }: Request): string | null {
  const authorization = headers.get('authorization');
  if (!new URL(url).pathname.startsWith('/v1/')) return authorization;

  if (authorization !== null) return isApiKeyToken(authorization) ? `Bearer ${authorization}` : authorization;
  const apiKey = headers.get('x-api-key');
  return apiKey === null ? null : `Bearer ${apiKey}`;
}
