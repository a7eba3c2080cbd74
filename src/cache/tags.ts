import type { CacheLease } from '../domain/feed/cache-lease.ts';
import type { ChangeFeed } from '../domain/feed/change-feed.ts';
import type { AwaitPeers } from '../domain/feed/peers.ts';
import { RoughLRU } from './rough-lru.ts';

/**
 * A version of an organization, a user or an API key: current until something of it changes. **A value is valid while every tag
 * that it was read under is current**, where the tags were taken before the reading began. Own changes invalidate tags before
 * they are answered, those of other processes as the feed tells of them, and while the feed is silent no tag is given out.
 */
export interface Tag {
  readonly isCurrent: boolean;
}

/** Gives out tags, and invalidates them. */
export interface Tags {
  /**
   * Whether the process holds a lease on its caches: it hears of changes, which wait until it has. To be asked each time before a
   * cached value is used; tags that were taken before know nothing of it.
   */
  readonly isLive: boolean;
  /**
   * The tag of an organization, a user or an API key, by its id: one for all who ask while it is current. To be taken before
   * what it stands for is read. Without a lease it is never current.
   */
  take: (id: string) => Tag;
  /** Something of it has changed here. */
  invalidate: (id: string) => void;
  /** Resolves once other processes give no answer any more that is older than what was committed before. */
  awaitPeers: AwaitPeers;
  close: () => void;
}

/** What a process caches at most: 0 of either turns all caching off. */
export interface CacheLimits {
  /** Of whole answers. */
  bytes: number;
  /** Of each kind of thing. */
  entries: number;
}

export const defaultCache: CacheLimits = { bytes: 64_000_000, entries: 200_000 };

/** For what never changes. */
export const permanentTag: Tag = { isCurrent: true };

/** For what no change is heard of. */
export const staleTag: Tag = { isCurrent: false };

/** Nothing is cached. */
export const noTags: Tags = {
  isLive: false,
  take: () => staleTag,
  invalidate: () => {},
  awaitPeers: async () => {},
  close: () => {},
};

interface TagsOptions {
  changeFeed: Pick<ChangeFeed, 'subscribe'>;
  lease: Pick<CacheLease, 'isHeld'>;
  awaitPeers: AwaitPeers;
  limits?: CacheLimits | undefined;
}

/**
 * Invalidates as the feed tells of changes, whoever writes: the ledger, or somebody past it. What was committed while the feed
 * was away is unknown, so all tags are invalidated when it goes and when it comes. That it is away is known late: until then the
 * lease ends by itself. As many tags are current as entries may be cached.
 */
export function createTags({
  changeFeed,
  lease,
  awaitPeers,
  limits: { bytes, entries } = defaultCache,
}: TagsOptions): Tags {
  const tags = new RoughLRU<string, { isCurrent: boolean }>({
    // Bounded by size, since for a number of entries the cache would set memory aside at once.
    maxSize: Math.max(entries, 1),
    sizeCalculation: () => 1,
    dispose: (tag) => {
      tag.isCurrent = false;
    },
  });
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
    close: () => {
      isOff = true;
      unsubscribe();
      tags.clear();
    },
  };
}
