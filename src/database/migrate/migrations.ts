import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { OperatorError } from '../../errors/operator-error.ts';
import { connectionConfig, DatabaseClient } from '../pool/connection.ts';
import { grantTables } from './grants.ts';

/** A migration failed. The message is for the operator. The failed migration was rolled back. */
export class MigrationError extends OperatorError {
  override readonly name = 'MigrationError';
}

interface MigrationOptions {
  /** The folder of `<name>/migration.sql`; absent: Modelgate's own. */
  directory?: string;
}

/** The advisory lock of `prisma migrate deploy`: both tools wait for each other. A backup shares it. */
export const migrationLock = 72_707_369;

/**
 * How long, in ms, a migration waits for a table. While it waits, all statements on the table wait behind it, so that it gives up
 * soon, is rolled back, and tries again after a pause.
 */
const waitForTableMs = 1_000;
const pauseMs = 2_000;
const attempts = 100;

/**
 * Applies the pending migrations, each in its own transaction together with its row in `_prisma_migrations`, as `prisma migrate
 * deploy` writes it. So no migration may commit by itself, or create an index concurrently. Afterwards `serviceRole` is granted
 * its rights. Resolves to the names of the applied migrations. Safe to run in many processes at the same time.
 */
export async function applyMigrations(
  ownerUrl: string,
  options: MigrationOptions & {
    serviceRole?: string;
    /** Applies these alone. */
    only?: readonly string[];
    log?: (line: string) => void;
  } = {},
): Promise<string[]> {
  const { directory = ownDirectory(), serviceRole, only, log = () => {} } = options;
  const migrations = (await readMigrations(directory)).filter(({ name }) => only?.includes(name) ?? true);
  const client = new DatabaseClient(connectionConfig(ownerUrl));
  await client.connect();
  try {
    const pending = await withMigrationLock(client, log, () => findPending(client, migrations));
    const names: string[] = [];
    for (const migration of pending) {
      if (await applyWhenFree(client, migration, log)) names.push(migration.name);
    }
    if (serviceRole !== undefined) await withMigrationLock(client, log, () => grantTables(client, serviceRole));
    return names;
  } finally {
    await client.end();
  }
}

/** The names of the pending migrations; all of them where none was ever applied. */
export async function pendingMigrations(
  db: Pick<pg.Pool | pg.Client, 'query'>,
  { directory = ownDirectory() }: MigrationOptions = {},
): Promise<string[]> {
  const names = await namesIn(directory);
  try {
    const { rows } = await db.query<{ name: string }>(
      `SELECT migration_name AS name FROM public._prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
    );
    const applied = new Set(rows.map(({ name }) => name));
    return names.filter((name) => !applied.has(name));
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '42P01') return names; // There is no such table.
    throw error;
  }
}

/** All migrations of this release, in their order. */
export async function ownMigrations(): Promise<Pick<Migration, 'name' | 'checksum'>[]> {
  return readMigrations(ownDirectory());
}

/** The migrations that the database has, also those of other applications, in the order of their names; none where it has no table of them. */
export async function appliedMigrations(db: Pick<pg.Client, 'query'>): Promise<Pick<Migration, 'name' | 'checksum'>[]> {
  // In a transaction an error would end it.
  const { rows } = await db.query(`SELECT WHERE to_regclass('public._prisma_migrations') IS NOT NULL`);
  if (rows.length === 0) return [];
  const applied = await db.query<Pick<Migration, 'name' | 'checksum'>>(
    `SELECT migration_name AS name, checksum FROM public._prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name COLLATE "C"`,
  );
  return applied.rows;
}

const bookkeepingTable = `
  CREATE TABLE _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const names = await namesIn(directory);
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(directory, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * Runs the work in one transaction, under the lock of migrations. Settings and lock end with the transaction: behind a pooler
 * the next one may use another connection.
 */
async function withMigrationLock<Result>(
  client: pg.Client,
  log: (line: string) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    await client.query(
      `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL search_path TO public; SET LOCAL statement_timeout TO 0;
       SET LOCAL lock_timeout TO 0; SET LOCAL idle_in_transaction_session_timeout TO 0`,
    );
    const { rows } = await client.query<{ isFree: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS "isFree"', [
      migrationLock,
    ]);
    if (!rows[0]?.isFree) {
      log('Waiting for another migration, or a backup, to end.');
      await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    }
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // The connection itself may have failed.
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** The pending migrations. Creates the table `_prisma_migrations` where it is missing. */
async function findPending(client: pg.Client, migrations: readonly Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ role: string; database: string; hasTable: boolean; mayCreate: boolean }>(
    `SELECT current_user AS role, current_database() AS database,
       EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace('public') AND relname = '_prisma_migrations') AS "hasTable",
       has_schema_privilege(to_regnamespace('public'), 'CREATE') IS TRUE AS "mayCreate"`,
  );
  const [{ role, database, hasTable, mayCreate } = { role: '', database: '', hasTable: false, mayCreate: false }] =
    rows;
  const applied = hasTable ? await appliedChecksums(client, migrations) : new Map<string, string>();
  const pending = migrations.filter(({ name }) => !applied.has(name));
  if (pending.length > 0 && !mayCreate) {
    const [owner, place] = [role, database].map((name) => pg.escapeIdentifier(name));
    throw new MigrationError(
      `The role ${owner} may not create tables in the schema public of the database ${place}: from PostgreSQL 15 on only ` +
        `the database's owner may. As a superuser run ALTER DATABASE ${place} OWNER TO ${owner}; or, in that database, ` +
        `CREATE SCHEMA IF NOT EXISTS public; GRANT USAGE, CREATE ON SCHEMA public TO ${owner}`,
    );
  }
  if (!hasTable) await client.query(bookkeepingTable);
  return pending;
}

/** The table may also contain the migrations of other applications: these are ignored. */
async function appliedChecksums(client: pg.Client, migrations: readonly Migration[]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; checksum: string; isFinished: boolean }>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS "isFinished"
     FROM _prisma_migrations WHERE rolled_back_at IS NULL AND migration_name = ANY($1)`,
    [migrations.map(({ name }) => name)],
  );
  const failed = rows.find(({ isFinished }) => !isFinished);
  if (failed) {
    throw new MigrationError(
      `Migration ${failed.name} failed half way when it was last applied. ` +
        'Mend the database by hand, then mark it with prisma migrate resolve.',
    );
  }
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]));
  const changed = migrations.find(({ name, checksum }) => (applied.get(name) ?? checksum) !== checksum);
  if (changed) {
    throw new MigrationError(`Migration ${changed.name} was changed after it had been applied to this database.`);
  }
  return applied;
}

/** False where another process has applied it first. @throws MigrationError */
async function applyWhenFree(client: pg.Client, migration: Migration, log: (line: string) => void): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await withMigrationLock(client, log, () => apply(client, migration, log));
    } catch (error) {
      const isTableInUse = error instanceof MigrationError && isLockFault(error.cause);
      if (!isTableInUse) throw error;
      if (attempt === attempts) {
        throw new MigrationError(
          `Migration ${migration.name} was not applied: a long transaction holds a table that it changes. End that, and migrate again.`,
        );
      }
      if (attempt === 1) log('A transaction holds a table that is to be changed: trying again until it has ended.');
      await sleep(pauseMs);
    }
  }
}

/** A table was not free in time; or its holder waited for one that the migration already held, which is a deadlock. */
function isLockFault(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '55P03' || error.code === '40P01');
}

/** False where another process has applied it first. */
async function apply(client: pg.Client, migration: Migration, log: (line: string) => void): Promise<boolean> {
  const { name, sql, checksum } = migration;
  if ((await appliedChecksums(client, [migration])).has(name)) return false;

  log(`Applying migration ${name}.`);
  try {
    const startedAt = new Date();
    await client.query(`SET LOCAL lock_timeout TO ${waitForTableMs}`);
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, $4, $5, 1)`,
      [randomUUID(), checksum, name, startedAt, new Date()],
    );
    return true;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const line = error.position ? ` (line ${sql.slice(0, Number(error.position)).split('\n').length})` : '';
    throw new MigrationError(`Migration ${name} failed and was undone: ${error.message}${line}.`, { cause: error });
  }
}

async function namesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** The folder `prisma/migrations` of this package: the nearest one above, since this file also runs from `dist`. */
function ownDirectory(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, 'prisma', 'migrations');
    if (existsSync(found)) return found;
  }
  throw new MigrationError('The folder prisma/migrations is missing from this installation.');
}
