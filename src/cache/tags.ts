import type { CacheLease } from '../domain/feed/cache-lease.ts';
import type { ChangeFeed } from '../domain/feed/change-feed.ts';
import type { AwaitPeers } from '../domain/feed/peers.ts';
import { RoughLRU } from './rough-lru.ts';

/**
 * A version of an organization, a user or an API key: current until something of it changes. **A value is valid while every tag
 * that it was read under is current**, where the tags were taken before the read. Own changes invalidate tags before they are
 * acknowledged, changes of other processes when the feed reports them. While the feed is silent every tag taken is stale.
 */
export interface Tag {
  readonly isCurrent: boolean;
}

/** Hands out tags, and invalidates them. */
export interface Tags {
  /**
   * Whether the process holds a cache lease: it hears of changes, and whoever makes one waits until it has. Check it each time
   * before a cached value is used: a tag that was taken before stays current when the lease ends.
   */
  readonly isLive: boolean;
  /**
   * The tag of an organization, a user or an API key, by its id: all callers share it while it is current. Take it before the
   * read. Without a lease it is stale.
   */
  take: (id: string) => Tag;
  /** Invalidates the tag of this id, after a change by this process. */
  invalidate: (id: string) => void;
  /** Resolves once no other process answers from a cache that is older than what was committed before the call. */
  awaitPeers: AwaitPeers;
  readonly use: TagUse;
  close: () => void;
}

/** How many tags are current, and how many have ceased to be: after a change, or for others when the cache was full. */
export interface TagUse {
  readonly size: number;
  readonly invalidations: number;
  readonly evictions: number;
}

/** What a process caches at most; 0 of either switches all caching off. */
export interface CacheLimits {
  /** Bytes of cached responses. */
  bytes: number;
  /** Entries of each cache. */
  entries: number;
}

export const defaultCache: CacheLimits = { bytes: 64_000_000, entries: 200_000 };

/** For values that never change. */
export const permanentTag: Tag = { isCurrent: true };

/** For values that must not be cached: no change of them would be heard of. */
export const staleTag: Tag = { isCurrent: false };

/** Nothing is cached. */
export const noTags: Tags = {
  isLive: false,
  take: () => staleTag,
  invalidate: () => {},
  awaitPeers: async () => {},
  use: { size: 0, invalidations: 0, evictions: 0 },
  close: () => {},
};

interface TagsOptions {
  changeFeed: Pick<ChangeFeed, 'subscribe'>;
  lease: Pick<CacheLease, 'isHeld'>;
  awaitPeers: AwaitPeers;
  limits?: CacheLimits | undefined;
}

/**
 * Invalidates tags when the feed reports a change, by the ledger or past it. What was committed while the feed was disconnected
 * is unknown, so all tags are invalidated when it disconnects and when it connects. A disconnect may be noticed late: until then
 * the lease ends by itself. `limits.entries` bounds the number of current tags.
 */
export function createTags({
  changeFeed,
  lease,
  awaitPeers,
  limits: { bytes, entries } = defaultCache,
}: TagsOptions): Tags {
  const tags = new RoughLRU<string, { isCurrent: boolean }>({
    // With `max` the cache would allocate memory for all entries at once.
    maxSize: Math.max(entries, 1),
    sizeCalculation: () => 1,
    dispose: (tag, _id, reason) => {
      tag.isCurrent = false;
      if (reason === 'evict') evictions += 1;
      else invalidations += 1;
    },
  });
  let invalidations = 0;
  let evictions = 0;
  let isOff = bytes === 0 || entries === 0;

  const unsubscribe = changeFeed.subscribe((event) => {
    if (event.kind === 'revision') tags.delete(event.organizationId);
    else if (event.kind === 'change') tags.delete(event.id);
    else tags.clear();
  });
  const isLive = () => !isOff && lease.isHeld;

  return {
    get isLive() {
      return isLive();
    },
    take: (id) => {
      if (!isLive()) return staleTag;
      const known = tags.get(id);
      if (known) return known;
      const tag = { isCurrent: true };
      tags.set(id, tag);
      return tag;
    },
    invalidate: (id) => void tags.delete(id),
    awaitPeers,
    get use() {
      return { size: tags.size, invalidations, evictions };
    },
    close: () => {
      isOff = true;
      unsubscribe();
      tags.clear();
    },
  };
}
