import type { Tag } from './tags.ts';

/** Values of one kind, each cached under the tag of what it was read of. A value goes with its tag, which bounds the cache. */
export class TaggedCache<Value> {
  readonly #values = new WeakMap<Tag, Value>();

  /** Undefined where there is none, or the tag is not current any more. */
  get(tag: Tag): Value | undefined {
    return tag.isCurrent ? this.#values.get(tag) : undefined;
  }

  /** Caches a value that was read after the tag was taken; it must not be changed any more. */
  set(tag: Tag, value: Value): void {
    if (tag.isCurrent) this.#values.set(tag, value);
  }
}
