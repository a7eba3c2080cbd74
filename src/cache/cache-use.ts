/** How a cache has been used since the process began. */
export interface CacheUse {
  readonly hits: number;
  readonly misses: number;
  /** Entries that it holds now; absent where it cannot tell. */
  readonly size?: number;
}
