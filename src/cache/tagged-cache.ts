import type { Tag } from './tags.ts';

/** Caches values of one kind, each under the tag that it was read under. A value goes with its tag, which bounds the cache. */
export class TaggedCache<Value> {
  hits = 0;
  misses = 0;
  readonly #values = new WeakMap<Tag, Value>();

  /** Undefined where nothing is cached, or the tag is no longer current. */
  get(tag: Tag): Value | undefined {
    const value = tag.isCurrent ? this.#values.get(tag) : undefined;
    if (value === undefined) this.misses += 1;
    else this.hits += 1;
    return value;
  }

  /** Caches a value that was read after the tag was taken. The value must not be mutated afterwards. */
  set(tag: Tag, value: Value): void {
    if (tag.isCurrent) this.#values.set(tag, value);
  }
}
