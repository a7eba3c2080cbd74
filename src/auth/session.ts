import type { CacheUse } from '../cache/cache-use.ts';
import type { Tag, Tags } from '../cache/tags.ts';
import { type Database, withSignal } from '../database/pool/client.ts';
import type { Signal } from '../database/pool/signal.ts';
import { isApiKeyToken } from '../domain/keys/api-key-token.ts';
import { isPlatformKeyToken } from '../domain/keys/platform-key-token.ts';
import { provision } from '../domain/organizations/provisioning.ts';
import { UnauthenticatedError } from '../errors/base.ts';
import { createApiKeyAuthenticator } from './api-key.ts';
import type { Claims } from './claims.ts';
import type { Credentials } from './credentials.ts';
import { createPlatformKeyAuthenticator } from './platform-key.ts';
import { createSignInCache, type KnownSignIn } from './sign-in-cache.ts';
import { readForwardedClaims, type TrustedIssuer } from './token.ts';
import { createVerifiedTokens } from './verified-tokens.ts';
import { anonymous, type Viewer } from './viewer.ts';

/** Authenticates the credentials of requests. Each call answers a viewer object of its own. */
export interface Sessions {
  /** The viewer, where all of it is cached: nothing is read or verified. */
  find: (credentials: Credentials, now: Date) => Viewer | undefined;
  /**
   * A missing header is anonymous, an invalid one is an error. A token that names an organization gives access to that one
   * alone, in the role that it names; any other token gives access by the memberships in the database. An API key is a service,
   * with access to the organization of the key alone; a platform key is one with access to the organization that the request
   * names alone.
   *
   * @throws UnauthenticatedError, ServiceUnavailableError
   */
  authenticate: (credentials: Credentials, now: Date, signal?: Signal) => Promise<Viewer>;
  /**
   * The viewer of a token that a gateway has verified, by its payload. The caller must know that the gateway sent it.
   *
   * @throws UnauthenticatedError for claims that are refused in a token too
   */
  authenticateForwarded: (payload: Record<string, unknown>, now: Date, signal?: Signal) => Promise<Viewer>;
  /**
   * Lets the viewer of a platform key act in an organization that its request names later than in its head, unless that names one
   * already. Nothing changes for other viewers, nor where there is no such organization. At once where that is cached.
   */
  actIn: (viewer: Viewer, organizationId: string, signal?: Signal) => void | Promise<void>;
  /** Of the cache of verified tokens. */
  tokenUse: () => CacheUse;
}

interface SessionsOptions {
  db: Database;
  issuers: readonly TrustedIssuer[];
  tags: Tags;
  /** The maximum number of cached tokens of each kind. */
  maxEntries: number;
}

/**
 * The claims of a verified token are cached for a fixed time, what is stored of its user and organization while their tags are
 * current. Without a cache lease it is read in every request.
 */
export function createSessions({ db, issuers, tags, maxEntries }: SessionsOptions): Sessions {
  const tokens = createVerifiedTokens(issuers, maxEntries);
  const apiKeys = createApiKeyAuthenticator({ db, tags, maxEntries });
  const platformKeys = createPlatformKeyAuthenticator({ db, tags, maxEntries });
  const signIns = createSignInCache(tags, maxEntries);

  const signIn = async (claims: Claims, now: Date, signal: Signal | undefined): Promise<Viewer> => {
    const reading = signIns.begin(claims);
    const provisioned = await provision(withSignal(db, signal), claims, now);
    return viewerOf(claims, provisioned, signIns.store(claims, reading, provisioned));
  };
  const viewerWith = async (claims: Claims | null, now: Date, signal: Signal | undefined): Promise<Viewer> => {
    if (claims === null) return { ...anonymous };
    const known = signIns.find(claims, now);
    return known ? viewerOf(claims, known, known.tag) : signIn(claims, now, signal);
  };

  return {
    find: ({ authorization, organizationId }, now) => {
      if (authorization === null) return { ...anonymous };
      const token = bearerOf(authorization);
      if (token === undefined) return undefined;
      if (isApiKeyToken(token)) return apiKeys.find(token, now);
      if (isPlatformKeyToken(token)) return platformKeys.find(token, organizationId, now);
      const claims = tokens.find(token);
      const known = claims && signIns.find(claims, now);
      return known && viewerOf(claims, known, known.tag);
    },
    authenticate: async ({ authorization, organizationId }, now, signal) => {
      if (authorization === null) return { ...anonymous };
      const token = bearerOf(authorization);
      if (token === undefined)
        throw new UnauthenticatedError('Expected "Authorization: Bearer <token>"', 'NO_BEARER_TOKEN');
      if (isApiKeyToken(token)) return apiKeys.find(token, now) ?? apiKeys.authenticate(token, now, signal);
      if (isPlatformKeyToken(token)) return platformKeys.authenticate(token, organizationId, now, signal);

      return viewerWith(tokens.find(token) ?? (await tokens.verify(token)), now, signal);
    },
    authenticateForwarded: async (payload, now, signal) =>
      viewerWith(readForwardedClaims(issuers, payload), now, signal),
    actIn: platformKeys.actIn,
    tokenUse: tokens.use,
  };
}

function bearerOf(authorization: string): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1];
}

/**
 * The viewer, whose role in the organization of the token is the token's, or that of its membership where tokens name none. One whom
 * the directory of the organization has deactivated has none.
 */
function viewerOf(
  { identity, validUntil, organization, profile, impersonatedBy }: Claims,
  { userId, organizationId, memberships, deactivatedIn }: Omit<KnownSignIn, 'tag'>,
  tag: Tag,
): Viewer {
  const role = organization?.role ?? memberships.get(organizationId ?? '') ?? 'MEMBER';
  const isDeactivated = organizationId !== null && deactivatedIn.includes(organizationId);
  return {
    kind: 'USER',
    userId,
    issuer: identity.issuer,
    verifiedEmail: profile.email,
    impersonatedBy,
    memberships: organizationId === null ? memberships : new Map(isDeactivated ? [] : [[organizationId, role]]),
    organizationFromToken: organizationId,
    membershipFromToken: organization !== null && organization.role !== null,
    validForMs: validUntil - Date.now(),
    service: null,
    tag,
    key: organizationId === null ? userId : `${userId} ${organizationId} ${role}`,
  };
}
