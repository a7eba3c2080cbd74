import { isApiKeyToken } from '../domain/keys/api-key-token.ts';
import { isPlatformKeyToken } from '../domain/keys/platform-key-token.ts';

/** Who sends a request, and the organization that it names for a platform key. */
export interface Credentials {
  /** In the form of an `Authorization` header; null where there are none. */
  authorization: string | null;
  /** The organization in which a platform key acts; null where the request names none. Others have theirs without it. */
  organizationId: string | null;
}

type NamedHeaders = Pick<Headers, 'get'>;

/** The credentials of a request. The organization is that of its path, else that of `X-Organization-Id`. */
export function credentialsOf(path: string, headers: NamedHeaders): Credentials {
  const [inPath = ''] = path.startsWith(organizations) ? path.slice(organizations.length).split('/', 1) : [];
  return {
    authorization: authorizationOf(path, headers),
    organizationId: decoded(inPath) || headers.get('x-organization-id') || null,
  };
}

const organizations = '/v1/organizations/';

/**
 * Below `/v1` the key of a service may also come without `Bearer`: in `Authorization`, or in `X-API-Key` where there is none, as
 * clients of earlier systems send it.
 */
function authorizationOf(path: string, headers: NamedHeaders): string | null {
  const authorization = headers.get('authorization');
  if (!path.startsWith('/v1/')) return authorization;

  if (authorization !== null) {
    const isKey = isApiKeyToken(authorization) || isPlatformKeyToken(authorization);
    return isKey ? `Bearer ${authorization}` : authorization;
  }
  const apiKey = headers.get('x-api-key');
  return apiKey === null ? null : `Bearer ${apiKey}`;
}

/** A part of a path; one that is not well encoded is as it is, and names nothing. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
