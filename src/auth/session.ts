import { TaggedCache } from '../cache/tagged-cache.ts';
import type { Tag, Tags } from '../cache/tags.ts';
import { type Database, withSignal } from '../database/pool/client.ts';
import type { Signal } from '../database/pool/signal.ts';
import { isApiKeyToken } from '../domain/keys/api-key-token.ts';
import { provisionUser } from '../domain/organizations/membership.ts';
import { UnauthenticatedError } from '../errors/base.ts';
import { createApiKeyAuthenticator } from './api-key.ts';
import type { Claims, TrustedIssuer } from './token.ts';
import { createVerifiedTokens } from './verified-tokens.ts';
import { anonymous, type Role, type Viewer } from './viewer.ts';

/** Authenticates `Authorization` headers. Each call answers a viewer object of its own. */
export interface Sessions {
  /** The viewer, where all of it is cached: nothing is read or verified. */
  find: (authorization: string | null, now: Date) => Viewer | undefined;
  /**
   * A missing header is anonymous, an invalid one is an error. A token that names an organization gives access to that one
   * alone, in the role that it names; any other token gives access by the memberships in the database. An API key is a service,
   * with access to the organization of the key alone.
   *
   * @throws UnauthenticatedError, ServiceUnavailableError
   */
  authenticate: (authorization: string | null, now: Date, signal?: Signal) => Promise<Viewer>;
}

interface SessionsOptions {
  db: Database;
  issuer: TrustedIssuer;
  tags: Tags;
  /** The maximum number of cached tokens of each kind. */
  maxEntries: number;
}

/**
 * The claims of a verified token are cached for a fixed time, the user's memberships while their tag is current. Without a
 * cache lease the memberships are read in every request.
 */
export function createSessions({ db, issuer, tags, maxEntries }: SessionsOptions): Sessions {
  const tokens = createVerifiedTokens(issuer, maxEntries);
  const services = createApiKeyAuthenticator({ db, tags, maxEntries });
  const users = new TaggedCache<ReadonlyMap<string, Role>>();
  const organizations = new TaggedCache<true>();

  const findUser = (claims: Claims): Viewer | undefined => {
    const tag = tags.take(claims.userId);
    const memberships = users.get(tag);
    const { organization } = claims;
    const isKnown = memberships && (!organization || organizations.get(tags.take(organization.id)));
    return isKnown ? viewerOf(claims, memberships, tag) : undefined;
  };
  const provision = async (claims: Claims, signal: Signal | undefined): Promise<Viewer> => {
    const { userId, organization } = claims;
    const tag = tags.take(userId);
    const ofOrganization = organization && tags.take(organization.id);
    const memberships = await provisionUser(withSignal(db, signal), userId, organization?.id ?? null);
    users.set(tag, memberships);
    if (ofOrganization) organizations.set(ofOrganization, true);
    return viewerOf(claims, memberships, tag);
  };

  return {
    find: (authorization, now) => {
      if (authorization === null) return { ...anonymous };
      const token = bearerOf(authorization);
      if (token === undefined) return undefined;
      if (isApiKeyToken(token)) return services.find(token, now);
      const claims = tokens.find(token);
      return claims && findUser(claims);
    },
    authenticate: async (authorization, now, signal) => {
      if (authorization === null) return { ...anonymous };
      const token = bearerOf(authorization);
      if (token === undefined)
        throw new UnauthenticatedError('Expected "Authorization: Bearer <token>"', 'NO_BEARER_TOKEN');
      if (isApiKeyToken(token)) return services.find(token, now) ?? services.authenticate(token, now, signal);

      const claims = tokens.find(token) ?? (await tokens.verify(token));
      return claims === null ? { ...anonymous } : (findUser(claims) ?? provision(claims, signal));
    },
  };
}

function bearerOf(authorization: string): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1];
}

function viewerOf(
  { userId, validUntil, organization }: Claims,
  memberships: ReadonlyMap<string, Role>,
  tag: Tag,
): Viewer {
  return {
    kind: 'USER',
    userId,
    memberships: organization ? new Map([[organization.id, organization.role]]) : memberships,
    membershipFromToken: organization !== null,
    validForMs: validUntil - Date.now(),
    service: null,
    tag,
    key: organization ? `${userId} ${organization.id} ${organization.role}` : userId,
  };
}
