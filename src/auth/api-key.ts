import { RoughLRU } from '../cache/rough-lru.ts';
import { TaggedCache } from '../cache/tagged-cache.ts';
import { staleTag, type Tag, type Tags } from '../cache/tags.ts';
import { type Database, withSignal } from '../database/pool/client.ts';
import type { Signal } from '../database/pool/signal.ts';
import { type ApiKey, apiKeyScopes, apiKeyStatusOf, findApiKeyByHash } from '../domain/keys/api-key.ts';
import { hashOfApiKeyToken } from '../domain/keys/api-key-token.ts';
import { UnauthenticatedError } from '../errors/base.ts';
import { anonymous, type Viewer } from './viewer.ts';

/** Authenticates services by their API keys. */
export interface ApiKeyAuthenticator {
  /** The viewer from the cache; undefined where the key is not cached, or not active. */
  find: (token: string, now: Date) => Viewer | undefined;
  /** @throws UnauthenticatedError */
  authenticate: (token: string, now: Date, signal?: Signal) => Promise<Viewer>;
}

interface AuthenticatorOptions {
  db: Database;
  tags: Tags;
  /** The maximum number of cached tokens. */
  maxEntries: number;
}

/**
 * Authenticates API keys, and caches them under the tags of their ids. A tag must be taken before the read, but the id is
 * known only after it. So a key is cached when its token is authenticated for the second time.
 */
export function createApiKeyAuthenticator({ db, tags, maxEntries }: AuthenticatorOptions): ApiKeyAuthenticator {
  /** Ids of keys by the hash of the token; the token itself is never kept. */
  const ids = new RoughLRU<string, string>({ max: Math.max(maxEntries, 1) });
  const keys = new TaggedCache<{ hash: string; apiKey: ApiKey }>();

  return {
    find: (token, now) => {
      const { hash } = hashOf(token);
      const id = ids.get(hash);
      if (id === undefined) return undefined;

      const tag = tags.take(id);
      const known = keys.get(tag);
      const isActive = known?.hash === hash && apiKeyStatusOf(known.apiKey, now) === 'ACTIVE';
      return isActive ? viewerOf(known.apiKey, tag, now) : undefined;
    },
    authenticate: async (token, now, signal) => {
      const { bytes, hash } = hashOf(token);
      const id = ids.get(hash);
      const takenTag = id === undefined ? staleTag : tags.take(id);
      const apiKey = bytes && (await findApiKeyByHash(withSignal(db, signal), bytes));
      if (!apiKey)
        throw new UnauthenticatedError('Your API key is invalid', bytes ? 'API_KEY_UNKNOWN' : 'API_KEY_MALFORMED');

      const tag = id === apiKey.id ? takenTag : staleTag;
      ids.set(hash, apiKey.id);
      keys.set(tag, { hash, apiKey });
      const status = apiKeyStatusOf(apiKey, now);
      if (status === 'REVOKED') throw new UnauthenticatedError('Your API key has been deactivated', 'API_KEY_REVOKED');
      if (status === 'EXPIRED') throw new UnauthenticatedError('Your API key has expired', 'API_KEY_EXPIRED');
      return viewerOf(apiKey, tag, now);
    },
  };
}

/** The hash that the database stores of a token, also as text: null and '' where the token is malformed. */
function hashOf(token: string) {
  const bytes = hashOfApiKeyToken(token);
  return { bytes, hash: bytes === null ? '' : Buffer.from(bytes.buffer).toString('base64') };
}

function viewerOf({ id, organizationId, scopes, expiresAt }: ApiKey, tag: Tag, now: Date): Viewer {
  return {
    ...anonymous,
    kind: 'SERVICE',
    validForMs: expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt.getTime() - now.getTime(),
    service: { apiKeyId: id, organizationId, scopes: apiKeyScopes.filter((scope) => scopes.includes(scope)) },
    tag,
    key: id,
  };
}
