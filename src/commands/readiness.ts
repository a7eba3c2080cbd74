import pg from 'pg';
import { unmetRequirement } from '../database/migrate/requirements.ts';
import { connectionConfig, DatabaseClient } from '../database/pool/connection.ts';

/** Whether the service is ready; `check` answers null, or a sentence that says what is missing. */
export interface Readiness {
  check: () => Promise<string | null>;
  /** Makes `check` fail from now on: the service is about to stop. */
  withdraw: () => void;
  close: () => Promise<void>;
}

/**
 * Checks the database on a connection of its own, so that a busy pool does not make the service appear unready. The connection
 * is opened in the same way as those of requests.
 */
export function watchReadiness(databaseUrl: string): Readiness {
  const pool = new pg.Pool({
    ...connectionConfig(databaseUrl, { connectionTimeoutMillis: 2_000, query_timeout: 2_000 }),
    Client: DatabaseClient,
    max: 1,
  });
  // Without a listener a lost connection would end the process.
  pool.on('error', () => {});
  let isWithdrawn = false;

  return {
    check: async () => {
      if (isWithdrawn) return 'The service is stopping.';
      try {
        return await ask(pool);
      } catch (error) {
        const code = error instanceof pg.DatabaseError ? error.code : undefined;
        // The server's own message may contain names of roles and databases.
        return code === undefined || code.startsWith('57')
          ? 'The database does not answer.'
          : `The database refuses the service (SQLSTATE ${code}).`;
      }
    },
    withdraw: () => {
      isWithdrawn = true;
    },
    close: () => pool.end(),
  };
}

async function ask(pool: pg.Pool): Promise<string | null> {
  const client = await pool.connect();
  try {
    const fault = await unmetRequirement(client);
    client.release();
    return fault;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
