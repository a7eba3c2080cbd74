import { Prisma } from '../generated/prisma/client.ts';
import type { Database } from './client.ts';

/** The row of a statement that writes one and answers it. */
export function onlyRow<Row>([row]: readonly Row[]): Row {
  if (row === undefined) throw new Error('No row was written');
  return row;
}

/** How many rows there are of what stands behind FROM. */
export async function countRows(db: Database, from: Prisma.Sql): Promise<number> {
  const [found] = await db.query<{ count: number }>`SELECT count(*)::int AS "count" FROM ${from}`;
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
