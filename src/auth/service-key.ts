import { RoughLRU } from '../cache/rough-lru.ts';
import { TaggedCache } from '../cache/tagged-cache.ts';
import { staleTag, type Tag, type Tags } from '../cache/tags.ts';
import { type Database, withSignal } from '../database/pool/client.ts';
import type { Signal } from '../database/pool/signal.ts';
import { apiKeyStatusOf } from '../domain/keys/api-key.ts';
import { UnauthenticatedError } from '../errors/base.ts';

/** What the keys of services have in common. */
interface StoredKey {
  id: string;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

/** A key that is active, and the tag that it was read under. */
export interface ActiveKey<Key> {
  key: Key;
  tag: Tag;
}

/** The active keys of services, by their tokens. */
export interface ServiceKeys<Key> {
  /** From the cache; undefined where the key is not cached, or not active. */
  find: (token: string, now: Date) => ActiveKey<Key> | undefined;
  /** @throws UnauthenticatedError */
  read: (token: string, now: Date, signal?: Signal) => Promise<ActiveKey<Key>>;
}

/** A kind of keys: how it is called in messages, in the log, and how its keys are found. */
interface Kind<Key> {
  name: 'API key' | 'platform key';
  fault: 'API_KEY' | 'PLATFORM_KEY';
  /** The hash that the database stores of a token; null where the token is malformed. */
  hashOf: (token: string) => Uint8Array<ArrayBuffer> | null;
  findByHash: (db: Database, hash: Uint8Array<ArrayBuffer>) => Promise<Key | null>;
}

/** What an authenticator of services needs. */
export interface AuthenticatorOptions {
  db: Database;
  tags: Tags;
  /** The maximum number of cached tokens. */
  maxEntries: number;
}

/**
 * Caches keys under the tags of their ids. A tag must be taken before the read, but the id is known only after it. So a key is
 * cached when its token is authenticated for the second time.
 */
export function createServiceKeys<Key extends StoredKey>(
  { db, tags, maxEntries }: AuthenticatorOptions,
  { name, fault, hashOf, findByHash }: Kind<Key>,
): ServiceKeys<Key> {
  /** Ids of keys by the hash of the token; the token itself is never kept. */
  const ids = new RoughLRU<string, string>({ max: Math.max(maxEntries, 1) });
  const keys = new TaggedCache<{ hash: string; key: Key }>();
  const hashed = (token: string) => {
    const bytes = hashOf(token);
    return { bytes, hash: bytes === null ? '' : Buffer.from(bytes.buffer).toString('base64') };
  };

  return {
    find: (token, now) => {
      const { hash } = hashed(token);
      const id = ids.get(hash);
      if (id === undefined) return undefined;

      const tag = tags.take(id);
      const known = keys.get(tag);
      const isActive = known?.hash === hash && apiKeyStatusOf(known.key, now) === 'ACTIVE';
      return isActive ? { key: known.key, tag } : undefined;
    },
    read: async (token, now, signal) => {
      const { bytes, hash } = hashed(token);
      const id = ids.get(hash);
      const takenTag = id === undefined ? staleTag : tags.take(id);
      const key = bytes && (await findByHash(withSignal(db, signal), bytes));
      if (!key)
        throw new UnauthenticatedError(`Your ${name} is invalid`, bytes ? `${fault}_UNKNOWN` : `${fault}_MALFORMED`);

      const tag = id === key.id ? takenTag : staleTag;
      ids.set(hash, key.id);
      keys.set(tag, { hash, key });
      const status = apiKeyStatusOf(key, now);
      if (status === 'REVOKED') throw new UnauthenticatedError(`Your ${name} has been deactivated`, `${fault}_REVOKED`);
      if (status === 'EXPIRED') throw new UnauthenticatedError(`Your ${name} has expired`, `${fault}_EXPIRED`);
      return { key, tag };
    },
  };
}

/** How long, in ms, a key remains valid; infinite where it does not expire. */
export function validForMs({ expiresAt }: Pick<StoredKey, 'expiresAt'>, now: Date): number {
  return expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt.getTime() - now.getTime();
}
