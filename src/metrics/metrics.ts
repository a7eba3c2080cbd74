import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { asOf } from '../catalog/as-of.ts';
import type { PoolObserver } from '../database/pool/pool.ts';
import { appendedEntries } from '../domain/ledger/ledger-entry.ts';
import { type Caches, createCacheMetrics } from './cache-metrics.ts';
import { type Feed, watchFeed } from './feed-metrics.ts';
import { createPoolObserver, watchPool } from './pool-metrics.ts';
import { createRequestMetrics, type MeasureRequest } from './request-metrics.ts';

/** What a server tells of itself. */
export interface ServerMetrics {
  measureRequest: MeasureRequest;
  watchCaches: (caches: Caches) => void;
}

/** The metrics of a process, in the text format of Prometheus. */
export interface Metrics extends ServerMetrics {
  poolObserver: PoolObserver;
  /** Begins to watch what the process is made of. */
  watch: (of: Feed) => void;
  contentType: string;
  text: () => Promise<string>;
  close: () => void;
}

/**
 * How often the lag of the event loop is sampled. Each sample wakes the process: the 10 ms that are the default take some 8 % of
 * its CPU (npm run bench -- --only observability). The lag that is told has this interval in it.
 */
const lagSampledEveryMs = 100;

/** Creates the metrics of this process. Load this module only where metrics are on. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: lagSampledEveryMs });
  new Gauge({
    name: 'modelgate_catalog_age_seconds',
    help: 'Since the last review of the prices and facts in the catalog of models.',
    registers,
    collect() {
      this.set((Date.now() - Date.parse(asOf)) / 1_000);
    },
  });
  const commits = new Counter({
    name: 'modelgate_ledger_commits_total',
    help: 'Entries that this process has appended to the ledger, by action.',
    labelNames: ['action'] as const,
    registers,
  });
  const count = (action: unknown) => commits.inc({ action: String(action) });
  appendedEntries.subscribe(count);
  let unsubscribe = () => {};

  return {
    measureRequest: createRequestMetrics(registry),
    watchCaches: createCacheMetrics(registry),
    poolObserver: createPoolObserver(registry),
    watch: (feed) => {
      if (feed.db.pool) watchPool(registry, feed.db.pool);
      unsubscribe = watchFeed(registry, feed);
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
    close: () => {
      unsubscribe();
      appendedEntries.unsubscribe(count);
    },
  };
}
