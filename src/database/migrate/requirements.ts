import pg from 'pg';
import { commandLine } from '../../program.ts';
import { required } from '../pool/connection.ts';
import { neededRights, ownSequences } from './grants.ts';
import { pendingMigrations } from './migrations.ts';

type Queryable = Pick<pg.Client, 'query'>;

/**
 * Why the service cannot work on this connection, as a sentence for the operator without secrets; null where it can. Also
 * detects what a pooler loses, so the connection must be opened in the same way as those of requests.
 */
export async function unmetRequirement(client: Queryable): Promise<string | null> {
  // In one transaction: a pooler without transactions cannot be used.
  await client.query('BEGIN');
  try {
    return (await wrongSetting(client)) ?? (await missingMigration(client)) ?? (await missingRight(client)) ?? null;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '42501') return withoutRights(['_prisma_migrations']);
    throw error;
  } finally {
    await client.query('ROLLBACK');
  }
}

async function wrongSetting(client: Queryable): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string; value: string }>(
    `SELECT name, current_setting(name) AS value FROM unnest($1::text[]) AS name
     UNION ALL SELECT 'standby', pg_is_in_recovery()::text`,
    [['server_encoding', 'transaction_read_only', 'transaction_isolation', ...Object.keys(required)]],
  );
  const found = new Map(rows.map(({ name, value }) => [name, value]));
  const encoding = found.get('server_encoding');
  if (encoding !== 'UTF8') {
    return `The database is encoded in ${encoding}, and must be in UTF8. Make another: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0`;
  }
  const [lost] = Object.entries(required).find(([name, value]) => found.get(name) !== value) ?? [];
  if (lost) return `A pooler between the service and the database loses ${lost}. Connect past it.`;
  if (found.get('standby') === 'true') return 'The database is a standby, which only reads. Connect to the primary.';
  if (found.get('transaction_read_only') === 'on')
    return `The database only reads.${alter('default_transaction_read_only', 'off')}`;
  const isolation = found.get('transaction_isolation');
  if (isolation === 'read committed') return undefined;
  // Without a pooler the connection has set it.
  return `Behind a pooler transactions are ${isolation}, as is the default.${alter('default_transaction_isolation', 'read committed')}`;
}

function alter(name: string, value: string): string {
  return ` For the service's role: ALTER ROLE … SET ${name} = '${value}'`;
}

async function missingMigration(client: Queryable): Promise<string | undefined> {
  const [first] = await pendingMigrations(client);
  return first === undefined
    ? undefined
    : `The database lacks migrations, from ${first} on. Run: ${commandLine('migrate')}`;
}

async function missingRight(client: Queryable): Promise<string | undefined> {
  const needed = neededRights();
  const { rows } = await client.query<{ name: string }>(
    // Materialized: `has_sequence_privilege` must be evaluated for sequences only.
    `WITH s AS MATERIALIZED (${ownSequences})
     SELECT DISTINCT n.name FROM unnest($1::text[], $2::text[]) AS n(name, kind)
     WHERE has_table_privilege(to_regclass(format('public.%I', n.name)), n.kind) IS NOT TRUE
     UNION ALL SELECT s.relname FROM s WHERE NOT has_sequence_privilege(s.oid, 'USAGE')`,
    [needed.map(([table]) => table), needed.map(([, right]) => right)],
  );
  return rows.length === 0 ? undefined : withoutRights(rows.map(({ name }) => name));
}

function withoutRights(names: readonly string[]): string {
  return `The service's role lacks rights on ${names.join(', ')}. Run ${commandLine('migrate')}, with MIGRATE_DATABASE_URL for the role that owns the tables`;
}
