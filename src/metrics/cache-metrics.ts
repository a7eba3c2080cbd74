import { Counter, Gauge, type Registry } from 'prom-client';
import type { CacheUse } from '../cache/cache-use.ts';
import type { TagUse } from '../cache/tags.ts';

/** The caches of a server, by the values of the label `cache`. */
export interface Caches {
  /** Whole responses. */
  responses: () => CacheUse & { bytes: number };
  /** States of organizations. */
  organizations: () => CacheUse;
  /** Verified tokens. */
  tokens: () => CacheUse;
  /** Parsed documents. */
  documents: () => CacheUse;
  tags: () => TagUse;
}

/** How caches are used: read where it is counted anyway, when metrics are asked for. */
export function createCacheMetrics(registry: Registry): (caches: Caches) => void {
  let watched: Caches | undefined;
  const each = (report: (cache: string, use: CacheUse) => void) => {
    if (!watched) return;
    const { responses, organizations, tokens, documents } = watched;
    const uses = Object.entries({ responses, organizations, tokens, documents });
    for (const [cache, use] of uses) report(cache, use());
  };
  const labelNames = ['cache'] as const;
  const registers = [registry];

  new Counter({
    name: 'modelgate_cache_hits_total',
    help: 'Lookups that a cache answered.',
    labelNames,
    registers,
    collect() {
      this.reset();
      each((cache, { hits }) => this.inc({ cache }, hits));
    },
  });
  new Counter({
    name: 'modelgate_cache_misses_total',
    help: 'Lookups that a cache had nothing valid for.',
    labelNames,
    registers,
    collect() {
      this.reset();
      each((cache, { misses }) => this.inc({ cache }, misses));
    },
  });
  new Gauge({
    name: 'modelgate_cache_entries',
    help: 'Entries of a cache. States of organizations, and memberships, are held by `tags`.',
    labelNames,
    registers,
    collect() {
      each((cache, { size }) => size !== undefined && this.set({ cache }, size));
      if (watched) this.set({ cache: 'tags' }, watched.tags().size);
    },
  });
  new Gauge({
    name: 'modelgate_cache_bytes',
    help: 'Bytes of cached responses, of CACHE_BYTES.',
    labelNames,
    registers,
    collect() {
      if (watched) this.set({ cache: 'responses' }, watched.responses().bytes);
    },
  });
  new Counter({
    name: 'modelgate_cache_invalidations_total',
    help: 'Tags of organizations, users and keys that were invalidated since something of them has changed, or may have.',
    registers,
    collect() {
      this.reset();
      this.inc(watched?.tags().invalidations ?? 0);
    },
  });
  new Counter({
    name: 'modelgate_cache_evictions_total',
    help: 'Tags that were dropped for others, since there were CACHE_ENTRIES.',
    registers,
    collect() {
      this.reset();
      this.inc(watched?.tags().evictions ?? 0);
    },
  });
  return (caches) => {
    watched = caches;
  };
}
