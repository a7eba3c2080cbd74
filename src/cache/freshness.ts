import type { CacheLease } from '../domain/feed/cache-lease.ts';
import type { ChangeFeed } from '../domain/feed/change-feed.ts';
import type { AwaitPeers } from '../domain/feed/peers.ts';
import { RoughLRU } from './rough-lru.ts';

/**
 * Says that nothing of an organization, or of a viewer, has changed since the mark was had. What is kept together with a
 * mark that was had before the reading began holds exactly as long as the mark is current.
 */
export interface Mark {
  readonly isCurrent: boolean;
}

/** Gives out marks, and ends them as changes are told of. */
export interface Freshness {
  /**
   * Whether the process holds a lease on its caches: changes are told of, and wait until that was done. To be asked each time
   * before what is remembered is used; marks that were had before know nothing of it.
   */
  readonly isTold: boolean;
  /**
   * The mark of an organization, a user or an API key, by its id: one for all who ask while it is current. To be had before
   * anything is read that it shall stand for. While changes are not told of it is never current.
   */
  open: (id: string) => Mark;
  /** Something of it has changed here. */
  end: (id: string) => void;
  /** Resolves once other processes give no answer any more that is older than what was committed before. */
  awaitPeers: AwaitPeers;
  close: () => void;
}

/** What a process remembers at most: 0 of either turns all remembering off. */
export interface CacheLimits {
  /** Of whole answers. */
  bytes: number;
  /** Of each kind of thing. */
  entries: number;
}

export const defaultCache: CacheLimits = { bytes: 64_000_000, entries: 200_000 };

/** For what never changes. */
export const lasting: Mark = { isCurrent: true };

/** For what nobody tells of. */
export const ended: Mark = { isCurrent: false };

/** Lets nothing be remembered. */
export const neverFresh: Freshness = {
  isTold: false,
  open: () => ended,
  end: () => {},
  awaitPeers: async () => {},
  close: () => {},
};

interface FreshnessOptions {
  changeFeed: Pick<ChangeFeed, 'subscribe'>;
  lease: Pick<CacheLease, 'isHeld'>;
  awaitPeers: AwaitPeers;
  limits?: CacheLimits | undefined;
}

/**
 * Changes are told of by the feed, whoever writes: the ledger, or somebody past it. What was not told of while the feed was
 * away is unknown, so all marks end when it goes and when it comes. That it is away is known late: until then it is the
 * lease that is over. As many marks are current as entries may be remembered.
 */
export function createFreshness({
  changeFeed,
  lease,
  awaitPeers,
  limits: { bytes, entries } = defaultCache,
}: FreshnessOptions): Freshness {
  const marks = new RoughLRU<string, { isCurrent: boolean }>({
    // Bounded by size, since for a number of entries the cache would set memory aside at once.
    maxSize: Math.max(entries, 1),
    sizeCalculation: () => 1,
    dispose: (mark) => {
      mark.isCurrent = false;
    },
  });
  let isOff = bytes === 0 || entries === 0;

  const unsubscribe = changeFeed.subscribe((event) => {
    if (event.kind === 'revision') marks.delete(event.organizationId);
    else if (event.kind === 'change') marks.delete(event.id);
    else marks.clear();
  });
  const isTold = () => !isOff && lease.isHeld;

  return {
    get isTold() {
      return isTold();
    },
    open: (id) => {
      if (!isTold()) return ended;
      const known = marks.get(id);
      if (known) return known;
      const mark = { isCurrent: true };
      marks.set(id, mark);
      return mark;
    },
    end: (id) => void marks.delete(id),
    awaitPeers,
    close: () => {
      isOff = true;
      unsubscribe();
      marks.clear();
    },
  };
}
