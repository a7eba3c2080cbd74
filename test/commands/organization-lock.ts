import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { onTestFinished } from 'vitest';

/** Holds up every change of an organization; `isAwaitedBy` resolves when so many wait. */
export async function lockOrganization(databaseUrl: string, organizationId: string) {
  const holder = new pg.Client({ connectionString: databaseUrl });
  await holder.connect();
  let isHeld = true;
  const release = async () => {
    if (isHeld) await holder.end();
    isHeld = false;
  };
  onTestFinished(release);
  await holder.query('BEGIN');
  await holder.query('SELECT FROM "Organization" WHERE "id" = $1 FOR UPDATE', [organizationId]);
  return {
    release,
    /** Changes something meanwhile, and lets go with a commit. */
    query: (sql: string, values: unknown[]) => holder.query(sql, values),
    commit: () => holder.query('COMMIT'),
    isAwaitedBy: async (count: number) => {
      // Those behind the first wait for one another.
      const waiting = `SELECT FROM pg_locks JOIN pg_database ON datname = current_database()
        WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks WHERE database = pg_database.oid)`;
      while (((await holder.query(waiting)).rowCount ?? 0) < count) await sleep(20);
    },
  };
}
