import { Prisma } from '../generated/prisma/client.ts';
import type { Database } from './client.ts';

/** The row of a statement that writes exactly one row and returns it. */
export function onlyRow<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error('No row was written');
  return row;
}

/** Counts rows; `from` is the SQL after FROM. */
export async function countRows(db: Database, from: Prisma.Sql): Promise<number> {
  const [found] = await db.query<{ count: number }>`SELECT count(*)::int AS "count" FROM ${from}`;
  return found?.count ?? 0;
}

/** A list of column names. They must come from the code, never from a client. */
export function columnsOf(row: object): Prisma.Sql {
  return Prisma.raw(
    Object.keys(row)
      .map((name) => `"${name}"`)
      .join(', '),
  );
}

/** The SQL after `INSERT INTO <table>`. */
export function valuesOf(row: Readonly<Record<string, unknown>>): Prisma.Sql {
  return Prisma.sql`(${columnsOf(row)}) VALUES (${Prisma.join(Object.values(row))})`;
}

/** The SQL after SET. */
export function assignmentsOf(row: Readonly<Record<string, unknown>>): Prisma.Sql {
  return Prisma.join(Object.entries(row).map(([name, value]) => Prisma.sql`${Prisma.raw(`"${name}"`)} = ${value}`));
}
