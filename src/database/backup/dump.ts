import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { appliedMigrations, migrationLock, ownMigrations } from '../migrate/migrations.ts';
import { BackupError } from './backup-error.ts';
import { endOfRows, formatName, formatVersion, type Header, type Section, type Trailer } from './format.ts';
import { countLines } from './read-backup.ts';
import { findTables, nameOf, type Queryable, timeoutsOff } from './tables.ts';

/** How often, in ms, a backup looks whether a running migration has ended. */
const migrationPollMs = 500;

/** The order of rows, and how they are written, shall depend on nothing but what is stored. */
const stableRows =
  'SET LOCAL synchronize_seqscans TO off; SET LOCAL max_parallel_workers_per_gather TO 0; SET LOCAL bytea_output TO hex';

export interface DumpOptions {
  /** Called with one sentence where the backup must wait. */
  log?: (line: string) => void;
  /** Called with the header, before any row. */
  onHeader?: (header: Header) => void;
  /** Called with the number of rows of a table that have been read since the last call. */
  onRows?: (table: string, rows: number) => void;
  /** Called once everything has been read. */
  onEnd?: (trailer: Trailer) => void;
}

/**
 * A backup of Modelgate's tables, not yet compressed: all as of one moment, while the service goes on. It needs the right to
 * read, and no other, and one connection, which may be to a standby. Memory does not depend on the size of the data.
 *
 * Where it is stopped early, the caller ends the connection: the server may still be sending.
 *
 * Rows are in the order in which they are stored, so that a backup of a restored database has the same lines.
 *
 * @throws BackupError
 */
export async function* dumpDatabase(client: pg.Client, options: DumpOptions = {}): AsyncGenerator<Buffer> {
  const { log = () => {}, onHeader, onRows, onEnd } = options;
  const createdAt = await beginSnapshot(client, log);
  const header = await describeSnapshot(client, createdAt);
  onHeader?.(header);

  const hash = createHash('sha256');
  const hashed = (bytes: Buffer) => {
    hash.update(bytes);
    return bytes;
  };
  yield hashed(jsonLine({ format: formatName, version: formatVersion, ...header }));
  const rows: Record<string, number> = {};
  for (const section of await findTables(client)) {
    yield hashed(jsonLine(section));
    let count = 0;
    for await (const chunk of readRows(client, section)) {
      const found = countLines(chunk);
      count += found;
      onRows?.(section.table, found);
      yield hashed(chunk);
    }
    yield hashed(endOfRows);
    rows[section.table] = count;
  }
  const trailer: Trailer = { rows, sha256: hash.digest('hex') };
  yield jsonLine(trailer);
  onEnd?.(trailer);
  await client.query('COMMIT');
}

/**
 * Begins a transaction whose snapshot no migration can touch: LOCK TABLE takes no snapshot, so that the one that is taken next
 * shows these tables as they stay. The shared lock of migrations lets a migration wait there, and not for these tables, where
 * all statements of the service would wait behind it.
 */
async function beginSnapshot(client: pg.Client, log: (line: string) => void): Promise<Date> {
  for (let isTold = false; ; isTold = true) {
    const tables = await findTables(client);
    if (tables.length === 0)
      throw new BackupError('The database has no tables of Modelgate: there is nothing to back up.');

    const timeouts = await timeoutsOff(client);
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${timeouts}; ${stableRows}`);
    const names = tables.map(({ table }) => nameOf(table));
    await client.query(`LOCK TABLE ${names.join(', ')} IN ACCESS SHARE MODE`);
    const { rows } = await client.query<{ isShared: boolean; at: Date }>(
      'SELECT pg_try_advisory_xact_lock_shared($1) AS "isShared", statement_timestamp() AS "at"',
      [migrationLock],
    );
    const [snapshot] = rows;
    if (snapshot?.isShared) return snapshot.at;
    await client.query('ROLLBACK');
    if (!isTold) log('Waiting for the migration that is running.');
    await sleep(migrationPollMs);
  }
}

async function describeSnapshot(client: Queryable, createdAt: Date): Promise<Header> {
  const own = await ownMigrations();
  const applied = await appliedMigrations(client);
  const newest = own.at(-1)?.name ?? '';
  const unknown = applied.find(({ name }) => name > newest);
  if (unknown) {
    throw new BackupError(
      `The database has the migration ${unknown.name}, which this release does not know: it would miss what is new. Use the release that applied it.`,
    );
  }
  const migrations = applied.filter(({ name }) => own.some((migration) => migration.name === name));
  if (migrations.length === 0) {
    throw new BackupError(
      'The tables of the database were not made by migrations of Modelgate: they are not backed up.',
    );
  }
  return {
    createdAt: createdAt.toISOString(),
    migrations,
    masterKeys: await countSealed(client),
  };
}

async function countSealed(client: Queryable): Promise<Header['masterKeys']> {
  const { rows } = await client.query<{ id: string; providerKeys: number; idempotentAnswers: number }>(
    `SELECT "masterKeyId" AS "id", sum("key")::float8 AS "providerKeys", sum("answer")::float8 AS "idempotentAnswers"
     FROM (SELECT "masterKeyId", 1 AS "key", 0 AS "answer" FROM public."ProviderKey"
           UNION ALL SELECT "masterKeyId", 0, 1 FROM public."IdempotentAnswer") AS sealed
     GROUP BY 1 ORDER BY 1`,
  );
  return Object.fromEntries(rows.map(({ id, ...counts }) => [id, counts]));
}

/** As a query: COPY does not read a partitioned table. */
function readRows(client: pg.Client, { table, columns }: Section): AsyncIterable<Buffer> {
  const names = columns.map((column) => pg.escapeIdentifier(column)).join(', ');
  return client.query(copyTo(`COPY (SELECT ${names} FROM ${nameOf(table)}) TO STDOUT`));
}

function jsonLine(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
