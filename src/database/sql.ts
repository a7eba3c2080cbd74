import type { Database } from './client.ts';
import { Prisma } from './generated/prisma/client.ts';

/**
 * Sends one statement and answers its rows. Types are as in Prisma where they are text, bool, int4, int8, timestamptz, jsonb,
 * bytea or arrays of text; cast what is not. Columns are to be named: a plan for `*` breaks when a migration adds one. So is
 * the schema of tables: behind a pooler the search path is whoever's.
 */
export function rows<Row>(db: Database, sql: Prisma.Sql): Promise<Row[]> {
  return db.query(sql);
}

/** As `rows`, for a statement that answers one row at the most. */
export async function row<Row>(db: Database, sql: Prisma.Sql): Promise<Row | undefined> {
  return (await db.query<Row>(sql))[0];
}

/** As `rows`, for a statement that writes one row and answers it. */
export async function writtenRow<Row>(db: Database, sql: Prisma.Sql): Promise<Row> {
  const written = await row<Row>(db, sql);
  if (written === undefined) throw new Error(`No row was written by: ${sql.text}`);
  return written;
}

/** How many rows there are of what stands behind FROM. */
export async function countRows(db: Database, from: Prisma.Sql): Promise<number> {
  const found = await row<{ count: number }>(db, Prisma.sql`SELECT count(*)::int AS "count" FROM ${from}`);
  return found?.count ?? 0;
}

/** Names of columns, as a list: those of the code, never of a client. */
export function columnsOf(row: object): Prisma.Sql {
  return Prisma.raw(
    Object.keys(row)
      .map((name) => `"${name}"`)
      .join(', '),
  );
}

/** What stands behind INSERT INTO and the table. */
export function valuesOf(row: Readonly<Record<string, unknown>>): Prisma.Sql {
  return Prisma.sql`(${columnsOf(row)}) VALUES (${Prisma.join(Object.values(row))})`;
}

/** What stands behind SET. */
export function assignmentsOf(row: Readonly<Record<string, unknown>>): Prisma.Sql {
  return Prisma.join(Object.entries(row).map(([name, value]) => Prisma.sql`${Prisma.raw(`"${name}"`)} = ${value}`));
}
