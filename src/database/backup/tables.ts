import pg from 'pg';
import { ownTables } from '../migrate/grants.ts';
import type { Section } from './format.ts';

export type Queryable = Pick<pg.Client, 'query'>;

/** Its rows are leases of running processes, and mean nothing elsewhere. */
export const leases = 'Instance';

// The migrations are in the header, and are applied again by the restore.
const omitted = [leases, '_prisma_migrations'];

/**
 * Modelgate's tables in the database that are backed up, with their columns, in alphabetical order. A database that lacks
 * migrations has fewer. Generated columns are left out: COPY cannot write them.
 */
export async function findTables(client: Queryable): Promise<Section[]> {
  const { rows } = await client.query<Section>(
    `SELECT c.relname::text AS "table", array_agg(a.attname::text ORDER BY a.attnum) AS "columns"
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relnamespace = to_regnamespace('public') AND c.relkind IN ('r', 'p') AND c.relname = ANY($1)
     GROUP BY c.relname ORDER BY c.relname`,
    [ownTables.filter((name) => !omitted.includes(name))],
  );
  return rows;
}

/** What a role or database may have set, and what would end a long transaction; not every server has each. */
const timeouts = ['statement_timeout', 'lock_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout'];

/** Statements that switch off, in the current transaction, what would end it. They take no snapshot. */
export async function timeoutsOff(client: Queryable): Promise<string> {
  const { rows } = await client.query<{ name: string }>('SELECT name FROM pg_settings WHERE name = ANY($1)', [
    timeouts,
  ]);
  return rows.map(({ name }) => `SET LOCAL ${name} TO 0`).join('; ');
}

export function nameOf(table: string): string {
  return `public.${pg.escapeIdentifier(table)}`;
}
