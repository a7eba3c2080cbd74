import { LRUCache } from 'lru-cache';

/** One of so many reads updates the order of use. */
const usesANote = 8;

/**
 * An approximate LRU cache: evicts what was used longest ago, roughly. To update the order of use touches other entries too, and
 * takes longer than the lookup. So only a random sample of the reads updates it, which tells well enough what is used.
 */
export class RoughLRU<Key extends {}, Value extends {}> extends LRUCache<Key, Value> {
  override get(key: Key): Value | undefined {
    return Math.random() * usesANote < 1 ? super.get(key) : super.peek(key);
  }
}
