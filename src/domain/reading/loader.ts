import DataLoader from 'dataloader';
import type { TrackedDatabase } from '../../cache/dependencies.ts';
import type { TaggedCache } from '../../cache/tagged-cache.ts';
import type { Tag } from '../../cache/tags.ts';
import type { Database } from '../../database/pool/client.ts';

/** A DataLoader of one request, created at its first `load`: there are many kinds of loaders, and a request uses one or two. */
export class Loader<Key, Value, CacheKey = Key> {
  readonly #read: DataLoader.BatchLoadFn<Key, Value>;
  readonly #options: DataLoader.Options<Key, Value, CacheKey> | undefined;
  #loader: DataLoader<Key, Value, CacheKey> | undefined;

  constructor(read: DataLoader.BatchLoadFn<Key, Value>, options?: DataLoader.Options<Key, Value, CacheKey>) {
    this.#read = read;
    this.#options = options;
  }

  load(key: Key): Promise<Value> {
    return this.#made().load(key);
  }

  clearAll(): void {
    this.#loader = undefined;
  }

  #made(): DataLoader<Key, Value, CacheKey> {
    this.#loader ??= new DataLoader(this.#read, this.#options);
    return this.#loader;
  }
}

/**
 * Loads many keys by one promise: a promise for each of a thousand keys takes longer than their rows. The groups that are
 * loaded at a time are batched into one statement. Nothing is cached.
 */
export class GroupLoader<Key, Value> {
  readonly #groups: Loader<readonly Key[], readonly Value[]>;

  constructor(read: (keys: readonly Key[]) => Promise<readonly Value[]>) {
    const readGroups = async (groups: readonly (readonly Key[])[]) => {
      const values = await read(groups.flat());
      let end = 0;
      return groups.map(({ length }) => {
        end += length;
        return values.slice(end - length, end);
      });
    };
    this.#groups = new Loader(readGroups, { cache: false });
  }

  /** The values, in the order of the keys. */
  load(keys: readonly Key[]): Promise<readonly Value[]> {
    return this.#groups.load(keys);
  }

  /** Loads of before are batched no more with those to come. */
  clearAll(): void {
    this.#groups.clearAll();
  }
}

/** Applies `use` synchronously where the value is no promise: a promise per row costs more than the work on the row. */
export function withLoaded<Value, Result>(
  value: Value | Promise<Value>,
  use: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(use) : use(value);
}

/** A Loader that answers a cached value synchronously, without a promise: for values that each of many rows needs. */
export class ReadyLoader<Key, Value> {
  readonly #missing: Loader<Key, Value>;
  #ready = new Map<Key, Value>();

  constructor(read: DataLoader.BatchLoadFn<Key, Value>) {
    this.#missing = new Loader(async (keys) => {
      // After a `clearAll` during the read, its values are not cached: they may be older than the change.
      const ready = this.#ready;
      const values = await read(keys);
      for (const [index, key] of keys.entries()) {
        const value = values[index];
        if (value !== undefined && !(value instanceof Error)) ready.set(key, value);
      }
      return values;
    });
  }

  load(key: Key): Value | Promise<Value> {
    return this.#ready.get(key) ?? this.#missing.load(key);
  }

  /** Caches a value that was read elsewhere. */
  prime(key: Key, value: Value): void {
    this.#ready.set(key, value);
  }

  clearAll(): void {
    this.#ready = new Map();
    this.#missing.clearAll();
  }
}

/**
 * Loads values of organizations from the process's cache. The missing ones are read by `read`, which coalesces them, and cached
 * under the organizations' tags. One request sees one value of each organization.
 */
export class CachingLoader<Value> {
  readonly #source: TrackedDatabase;
  readonly #cache: TaggedCache<Value>;
  readonly #readAll: (db: Database, organizationIds: readonly string[]) => Promise<readonly Value[]>;
  readonly #seen = new Map<string, Value | Promise<Value>>();
  readonly #unknown = new Set<string>();

  constructor(
    source: TrackedDatabase,
    cache: TaggedCache<Value>,
    read: (db: Database, organizationIds: readonly string[]) => Promise<readonly Value[]>,
  ) {
    this.#source = source;
    this.#cache = cache;
    this.#readAll = read;
  }

  /** Synchronous where the value is cached, or was read before in this request. */
  load(organizationId: string): Value | Promise<Value> {
    const seen = this.#seen.get(organizationId);
    if (seen !== undefined) return seen;

    const tag = this.#source.take(organizationId);
    const value = this.#find(organizationId, tag) ?? this.#read(organizationId, tag);
    this.#seen.set(organizationId, value);
    return value;
  }

  /**
   * The value where it is cached, else undefined: then a later `load` bypasses the cache, so that its value is no older than
   * what the request has read of the organization meanwhile.
   */
  peek(organizationId: string): Value | Promise<Value> | undefined {
    const seen = this.#seen.get(organizationId) ?? this.#find(organizationId, this.#source.take(organizationId));
    if (seen === undefined) this.#unknown.add(organizationId);
    else this.#seen.set(organizationId, seen);
    return seen;
  }

  /** Reads the value, and replaces the promise by it: later rows get the value without a promise. */
  #read(organizationId: string, tag: Tag): Promise<Value> {
    const reading = this.#readAll(this.#source.of([organizationId]), [organizationId]).then(([read]) => {
      const value = read as Value;
      this.#cache.set(tag, value);
      // After a `clearAll` during the read the promise is not there any more: the value may be older than the change.
      if (this.#seen.get(organizationId) === reading) this.#seen.set(organizationId, value);
      return value;
    });
    return reading;
  }

  #find(organizationId: string, tag: Tag): Value | undefined {
    return this.#unknown.has(organizationId) ? undefined : this.#cache.get(tag);
  }

  clearAll(): void {
    this.#seen.clear();
    this.#unknown.clear();
  }
}
