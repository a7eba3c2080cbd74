import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { ownSequences } from '../migrate/grants.ts';
import {
  appliedMigrations,
  applyMigrations,
  MigrationError,
  migrationLock,
  ownMigrations,
} from '../migrate/migrations.ts';
import { BackupError } from './backup-error.ts';
import type { Header, Trailer } from './format.ts';
import { type OpenBackup, readBackup } from './read-backup.ts';
import { findTables, leases, nameOf, type Queryable, timeoutsOff } from './tables.ts';

export interface RestoreOptions {
  /** The role of the service, where it is not the owner of the tables. */
  serviceRole?: string;
  log?: (line: string) => void;
  /** Called with the number of bytes of a table's rows that have been read since the last call. */
  onBytes?: (table: string, bytes: number) => void;
  /** Called once all rows are stored. */
  onCommitted?: () => void;
}

/**
 * Restores an uncompressed backup into a database that holds nothing of Modelgate: applies the migrations that the backed up
 * database had, inserts all rows in one transaction, and applies the migrations that are newer. A restore that fails before the
 * last step leaves tables without rows, and may be run again.
 *
 * @param client a connection to the same database, as the same role, as `ownerUrl`; after an error the caller must end it
 * @throws BackupError, MigrationError
 */
export async function restoreDatabase(
  client: pg.Client,
  ownerUrl: string,
  source: AsyncIterable<Buffer>,
  { onBytes, onCommitted, ...options }: RestoreOptions = {},
): Promise<Header & Trailer> {
  const backup = await readBackup(source);
  const { migrations } = backup.header;
  await requireKnown(migrations);
  await requireEmpty(client, migrations);
  await applyMigrations(ownerUrl, { ...options, only: migrations.map(({ name }) => name) });
  const trailer = await load(client, backup, onBytes);
  onCommitted?.();
  try {
    await applyMigrations(ownerUrl, options);
    // Without statistics the first statements would be planned as for empty tables.
    await client.query(`ANALYZE ${Object.keys(trailer.rows).map(nameOf).join(', ')}`);
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    throw new BackupError(`All rows are restored, but not all migrations are applied. ${error.message}`, {
      cause: error,
    });
  }
  return { ...backup.header, ...trailer };
}

/** @throws BackupError where a newer release, or a changed one, has made the backup */
export async function requireKnown(migrations: Header['migrations']): Promise<void> {
  const own = new Map((await ownMigrations()).map(({ name, checksum }) => [name, checksum]));
  const unknown = migrations.find(({ name }) => !own.has(name));
  if (unknown) {
    throw new BackupError(
      `The backup was made by a newer release: it has the migration ${unknown.name}, which this release does not have. Restore it with that release, or with a newer one.`,
    );
  }
  const changed = migrations.find(({ name, checksum }) => own.get(name) !== checksum);
  if (changed) throw new BackupError(`The migration ${changed.name} of the backup is not the one of this release.`);
}

async function requireEmpty(client: Queryable, migrations: Header['migrations']): Promise<void> {
  const filled: string[] = [];
  for (const { table } of await findTables(client)) {
    const { rows } = await client.query(`SELECT FROM ${nameOf(table)} LIMIT 1`);
    if (rows.length > 0) filled.push(table);
  }
  const remedy =
    'A backup is restored into an empty database: create another one, and name it in DATABASE_URL (embedded: in DATA_DIR).';
  if (filled.length > 0) {
    throw new BackupError(`The database already holds data of Modelgate, in ${filled.join(', ')}. ${remedy}`);
  }
  const names = new Set(migrations.map(({ name }) => name));
  const own = new Set((await ownMigrations()).map(({ name }) => name));
  const newer = (await appliedMigrations(client)).find(({ name }) => own.has(name) && !names.has(name));
  if (newer) {
    throw new BackupError(
      `The database has the migration ${newer.name} already, which must be applied after the data of this backup. ${remedy}`,
    );
  }
}

/** One transaction, which is committed once the whole backup has been read and found to be unchanged. */
async function load(client: pg.Client, backup: OpenBackup, onBytes: RestoreOptions['onBytes']): Promise<Trailer> {
  const timeouts = await timeoutsOff(client);
  await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL search_path TO public; ${timeouts}`);
  await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
  const expected = new Map((await findTables(client)).map(({ table, columns }) => [table, columns]));
  await client.query(`LOCK TABLE ${[...expected.keys(), leases].map(nameOf).join(', ')} IN ACCESS EXCLUSIVE MODE`);
  await requireAlone(client);
  await requireEmpty(client, backup.header.migrations);

  const restoreConstraints = await suspendConstraints(client, [...expected.keys()]);
  const stored = new Map<string, number>();
  for await (const { table, columns, rows } of backup.tables()) {
    const own = expected.get(table);
    expected.delete(table);
    if (!own || [...own].sort().join('\0') !== [...columns].sort().join('\0')) throw doesNotFit();
    const names = columns.map((column) => pg.escapeIdentifier(column)).join(', ');
    const told = async function* () {
      for await (const block of rows) {
        onBytes?.(table, block.length);
        yield block;
      }
    };
    const copy = client.query(copyFrom(`COPY ${nameOf(table)} (${names}) FROM STDIN`));
    await pipeline(told(), copy);
    stored.set(table, copy.rowCount);
  }
  if (expected.size > 0) throw doesNotFit();
  const trailer = await backup.end();
  // Rows of line ends that are not ours can end before their lines do.
  if (Object.entries(trailer.rows).some(([table, count]) => stored.get(table) !== count)) throw doesNotFit();
  await restoreConstraints();
  await moveSequences(client);
  await client.query('COMMIT');
  return trailer;
}

/** The leases are locked: no process can take one until the end of the transaction, and none has anything cached then. */
async function requireAlone(client: Queryable): Promise<void> {
  const { rows } = await client.query(`SELECT FROM ${nameOf(leases)} WHERE "leaseUntil" > clock_timestamp()`);
  if (rows.length > 0) {
    throw new BackupError(
      `The database is in use by ${rows.length} running process${rows.length === 1 ? '' : 'es'} of the service. Stop the service, and restore again.`,
    );
  }
}

/**
 * Switches off the triggers, which would notify of each row, and drops the foreign keys, which would check each row by itself, in
 * an order of the tables. What this resolves to restores both, and checks all foreign keys at once. The owner of the tables may do
 * it; no superuser is needed.
 */
async function suspendConstraints(client: Queryable, tables: readonly string[]): Promise<() => Promise<void>> {
  const names = tables.map(nameOf);
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT r.relname::text AS "table", c.conname::text AS "name", pg_get_constraintdef(c.oid) AS "definition"
     FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
     WHERE c.contype = 'f' AND c.conparentid = 0 AND c.conrelid = ANY($1::regclass[])`,
    [names],
  );
  const alter = rows.map((row) => ({
    ...row,
    prefix: `ALTER TABLE ${nameOf(row.table)}`,
    key: pg.escapeIdentifier(row.name),
  }));
  for (const { prefix, key } of alter) await client.query(`${prefix} DROP CONSTRAINT ${key}`);
  for (const name of names) await client.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
  return async () => {
    for (const { prefix, key, definition } of alter) {
      await client.query(`${prefix} ADD CONSTRAINT ${key} ${definition}`);
    }
    for (const name of names) await client.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
  };
}

/** A sequence goes on after the largest number of its column. */
async function moveSequences(client: Queryable): Promise<void> {
  const { rows } = await client.query<{ sequence: string; table: string; column: string }>(
    `SELECT s.oid::regclass::text AS "sequence", t.relname::text AS "table", a.attname::text AS "column"
     FROM (${ownSequences}) s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
       JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
     WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass`,
  );
  for (const { sequence, table, column } of rows) {
    await client.query(
      `SELECT setval($1::regclass, (SELECT max(${pg.escapeIdentifier(column)}) FROM ${nameOf(table)}))`,
      [sequence],
    );
  }
}

function doesNotFit(): BackupError {
  return new BackupError('The backup was changed: its tables are not those of its migrations.');
}
