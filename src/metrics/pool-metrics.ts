import { Gauge, Histogram, type Registry } from 'prom-client';
import type { PoolObserver, SqlPool } from '../database/pool/pool.ts';

/** What waits for connections of the pool. By OpenTelemetry's names. */
export function createPoolObserver(registry: Registry): Required<Pick<PoolObserver, 'onWait'>> {
  const waitTime = new Histogram({
    name: 'db_client_connection_wait_time_seconds',
    help: 'How long statements and transactions waited that found no idle connection: for one to be opened, or to be free.',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  return {
    onWait: () => {
      const since = performance.now();
      return () => waitTime.observe((performance.now() - since) / 1_000);
    },
  };
}

/** The connections of the pool. */
export function watchPool(registry: Registry, { connections }: Pick<SqlPool, 'connections'>): void {
  const registers = [registry];
  new Gauge({
    name: 'db_client_connection_count',
    help: 'Open connections to the database that are used or idle.',
    labelNames: ['state'] as const,
    registers,
    collect() {
      const { totalCount, idleCount } = connections;
      this.set({ state: 'idle' }, idleCount);
      this.set({ state: 'used' }, totalCount - idleCount);
    },
  });
  new Gauge({
    name: 'db_client_connection_max',
    help: 'Connections at most: DATABASE_POOL_SIZE.',
    registers,
    collect() {
      this.set(connections.options.max);
    },
  });
  new Gauge({
    name: 'db_client_connection_pending_requests',
    help: 'Statements and transactions that wait for a connection.',
    registers,
    collect() {
      this.set(connections.waitingCount);
    },
  });
}
