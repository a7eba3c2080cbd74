import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { grantTables } from './grants.ts';

/** The database cannot be brought up to date; the message is for the operator, and nothing was left half done. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

interface MigrationOptions {
  /** The folder of `<name>/migration.sql`; Modelgate's own if not given. */
  directory?: string;
}

/** Prisma's own number: `prisma migrate deploy` and we wait for each other. */
const lockNumber = 72_707_369;

/**
 * Applies the migrations that are not applied yet, each with its bookkeeping row in a transaction of its own (so none may
 * commit by itself, or create an index concurrently), keeping the books as `prisma migrate deploy` does. `serviceRole`
 * is then granted what the service needs. Resolves to the names of those applied; safe to run from many processes.
 */
export async function applyMigrations(
  ownerUrl: string,
  options: MigrationOptions & { serviceRole?: string; log?: (line: string) => void } = {},
): Promise<string[]> {
  const { directory = ownDirectory(), serviceRole, log = () => {} } = options;
  const client = new pg.Client({ connectionString: ownerUrl });
  // A lost connection also fails the statement under way; without a listener it would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('SET search_path TO public');
    await client.query('SELECT pg_advisory_lock($1)', [lockNumber]);
    await client.query(bookkeepingTable);
    const applied = await appliedChecksums(client);
    const names: string[] = [];
    for (const name of await namesIn(directory)) {
      const sql = await readFile(join(directory, name, 'migration.sql'), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      if ((applied.get(name) ?? checksum) !== checksum) {
        throw new MigrationError(`Migration ${name} was changed after it had been applied to this database.`);
      }
      if (applied.has(name)) continue;
      log(`Applying migration ${name}.`);
      await apply(client, name, sql, checksum);
      names.push(name);
    }
    if (serviceRole !== undefined) await grantTables(client, serviceRole);
    return names;
  } finally {
    await client.end(); // Which also gives the lock back.
  }
}

/** The migrations that are still to be applied, by name; all of them where none ever was. */
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

const bookkeepingTable = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

async function appliedChecksums(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; checksum: string; isFinished: boolean }>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS "isFinished"
     FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  const failed = rows.find(({ isFinished }) => !isFinished);
  if (failed) {
    throw new MigrationError(
      `Migration ${failed.name} failed half way when it was last applied. ` +
        'Mend the database by hand, then mark it with prisma migrate resolve.',
    );
  }
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

async function apply(client: pg.Client, name: string, sql: string, checksum: string): Promise<void> {
  try {
    await client.query('BEGIN');
    const startedAt = new Date();
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, $4, $5, 1)`,
      [randomUUID(), checksum, name, startedAt, new Date()],
    );
    await client.query('COMMIT');
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    await client.query('ROLLBACK');
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

/** `prisma/migrations` of this package: the nearest above, as this file also runs from `dist`. */
function ownDirectory(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, 'prisma', 'migrations');
    if (existsSync(found)) return found;
  }
  throw new MigrationError('The folder prisma/migrations is missing from this installation.');
}
