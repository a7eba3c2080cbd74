import { LRUCache } from 'lru-cache';

/** Of so many uses one is noted. */
const usesANote = 8;

/**
 * What was used longest ago goes first, roughly: to note a use moves an entry, and with it others that nobody asked for, which
 * takes longer than to find it. So most uses are not noted; those that are, drawn at random, tell well enough what is used.
 */
export class RoughLRU<Key extends {}, Value extends {}> extends LRUCache<Key, Value> {
  override get(key: Key): Value | undefined {
    return Math.random() * usesANote < 1 ? super.get(key) : super.peek(key);
  }
}
