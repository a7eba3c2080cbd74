import pg from 'pg';
import { unmetRequirement } from '../database/migrate/requirements.ts';
import { connectionConfig, DatabaseClient } from '../database/pool/connection.ts';

/** Whether the service can do its work; `check` answers null, or what is missing, in a sentence. */
export interface Readiness {
  check: () => Promise<string | null>;
  /** From now on the answer is no: the service is about to stop. */
  withdraw: () => void;
  close: () => Promise<void>;
}

/**
 * Asks the database by a connection of its own, so that a busy pool does not make the service look dead; it is made as those
 * of requests are.
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
        // The server's own words may name roles and databases.
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
