import { LRUCache } from 'lru-cache';

/** One of so many reads updates the order of use. */
const usesANote = 8;

/**
 * An approximate LRU cache: evicts what was used longest ago, roughly. To update the order of use touches other entries too, and
 * takes longer than the lookup. So only a random sample of the reads updates it, which tells well enough what is used.
 */
export class RoughLRU<Key extends {}, Value extends {}> extends LRUCache<Key, Value> {
  hits = 0;
  misses = 0;

  override get(key: Key): Value | undefined {
    const value = Math.random() * usesANote < 1 ? super.get(key) : super.peek(key);
    if (value === undefined) this.misses += 1;
    else this.hits += 1;
    return value;
  }
}
