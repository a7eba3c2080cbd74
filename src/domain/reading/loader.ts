import DataLoader from 'dataloader';
import type { TrackedDatabase } from '../../cache/dependencies.ts';
import type { TaggedCache } from '../../cache/tagged-cache.ts';
import type { Database } from '../../database/pool/client.ts';

/** A DataLoader of one request, made when it is first asked: there are many kinds, and a request asks for one or two. */
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

/** Uses a value at once where it is there: a promise for each of many rows costs more than all that is done with them. */
export function withLoaded<Value, Result>(
  value: Value | Promise<Value>,
  use: (value: Value) => Result,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(use) : use(value);
}

/** A Loader that answers a value itself, without a promise, once it was read: for what each of many rows asks for. */
export class ReadyLoader<Key, Value> {
  readonly #missing: Loader<Key, Value>;
  #ready = new Map<Key, Value>();

  constructor(read: DataLoader.BatchLoadFn<Key, Value>) {
    this.#missing = new Loader(async (keys) => {
      // What is cleared meanwhile stays so: it may be read before the change.
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

  /** Knows this value from elsewhere. */
  prime(key: Key, value: Value): void {
    this.#ready.set(key, value);
  }

  clearAll(): void {
    this.#ready = new Map();
    this.#missing.clearAll();
  }
}

/**
 * Loads what the process has cached of organizations; the rest is read in one statement for all that are
 * asked about at a time. One request sees one state of each.
 */
export class CachingLoader<Value> {
  readonly #source: TrackedDatabase;
  readonly #cache: TaggedCache<Value>;
  readonly #missing: Loader<string, Value>;
  readonly #seen = new Map<string, Value | Promise<Value>>();
  readonly #unknown = new Set<string>();

  constructor(
    source: TrackedDatabase,
    cache: TaggedCache<Value>,
    read: (db: Database, organizationIds: readonly string[]) => Promise<readonly Value[]>,
  ) {
    this.#source = source;
    this.#cache = cache;
    this.#missing = new Loader(async (ids) => {
      const tags = ids.map((id) => source.take(id));
      const values = await read(source.of(ids), ids);
      for (const [index, tag] of tags.entries()) cache.set(tag, values[index] as Value);
      return values;
    });
  }

  /** The value itself where it is known. */
  load(organizationId: string): Value | Promise<Value> {
    const seen = this.#seen.get(organizationId);
    if (seen !== undefined) return seen;

    const value = this.#find(organizationId) ?? this.#missing.load(organizationId);
    this.#seen.set(organizationId, value);
    return value;
  }

  /**
   * The same where it is known, else undefined: then it is read anew if it is loaded later, so that it is no older than what
   * was read of the organization by then.
   */
  peek(organizationId: string): Value | Promise<Value> | undefined {
    const seen = this.#seen.get(organizationId) ?? this.#find(organizationId);
    if (seen === undefined) this.#unknown.add(organizationId);
    else this.#seen.set(organizationId, seen);
    return seen;
  }

  #find(organizationId: string): Value | undefined {
    const tag = this.#source.take(organizationId);
    return this.#unknown.has(organizationId) ? undefined : this.#cache.get(tag);
  }

  clearAll(): void {
    this.#seen.clear();
    this.#unknown.clear();
    this.#missing.clearAll();
  }
}
