import pg from 'pg';
import { pendingMigrations } from '../database/migrations.ts';

/** Whether the service can do its work; `check` answers null, or what is missing, in a sentence. */
export interface Readiness {
  check: () => Promise<string | null>;
  /** From now on the answer is no: the service is about to stop. */
  withdraw: () => void;
  close: () => Promise<void>;
}

/** Asks the database by a connection of its own, so that a busy pool does not make the service look dead. */
export function watchReadiness(databaseUrl: string): Readiness {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 1,
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
  });
  // Without a listener a lost connection would end the process.
  pool.on('error', () => {});
  let isWithdrawn = false;

  return {
    check: async () => {
      if (isWithdrawn) return 'The service is stopping.';
      try {
        const pending = await pendingMigrations(pool);
        return pending.length === 0 ? null : `The database lacks ${pending.length} migration(s).`;
      } catch {
        return 'The database does not answer.';
      }
    },
    withdraw: () => {
      isWithdrawn = true;
    },
    close: () => pool.end(),
  };
}
