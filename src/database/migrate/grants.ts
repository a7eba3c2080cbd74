import pg from 'pg';
import { Prisma } from '../generated/prisma/client.ts';

/** Append-only tables: the service may insert and read, nothing else. */
export const appendOnlyTables: readonly string[] = ['Revision', 'LedgerCheckpoint', 'ProviderKeyUse'];

const migrationsTable = '_prisma_migrations';

/** The rights that the service needs on a table of `public`. It needs none on tables that are not Modelgate's. */
function rightsOn(table: string): string[] {
  if (table === migrationsTable) return ['SELECT'];
  return appendOnlyTables.includes(table) ? ['SELECT', 'INSERT'] : ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];
}

/** All tables of Modelgate, and the one that Prisma keeps its migrations in. */
export const ownTables: readonly string[] = [...Object.values(Prisma.ModelName), migrationsTable];

/** All rights that the service needs, one table and right each. */
export function neededRights(): [table: string, right: string][] {
  return ownTables.flatMap((table) => rightsOn(table).map((right): [string, string] => [table, right]));
}

/** The sequences of Modelgate's tables, as a query of `pg_class`. */
export const ownSequences = `
  SELECT s.* FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') JOIN pg_class t ON t.oid = d.refobjid
  WHERE s.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
    AND t.relnamespace = 'public'::regnamespace AND t.relname IN (${ownTables.map(pg.escapeLiteral).join(', ')})`;

/**
 * Grants the service's role its rights on Modelgate's tables in `public`, and revokes all others on them, such as TRUNCATE.
 * Other tables are left unchanged, and so are tables whose rights the owner cannot grant: the service checks at its start
 * whether a right is missing. Does nothing where the service connects as the tables' owner.
 */
export async function grantTables(owner: Pick<pg.Client, 'query'>, serviceRole: string): Promise<void> {
  const { rows } = await owner.query<{ isOwner: boolean; hasUsage: boolean; tables: string[]; sequences: string[] }>(
    `SELECT current_user = $1 AS "isOwner", has_schema_privilege($1, 'public', 'USAGE') AS "hasUsage",
       array(SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
         AND relname = ANY($2) AND pg_has_role(relowner, 'USAGE')) AS tables,
       array(SELECT relname::text FROM (${ownSequences}) s WHERE pg_has_role(relowner, 'USAGE')) AS sequences`,
    [serviceRole, ownTables],
  );
  const { isOwner = false, hasUsage = true, tables = [], sequences = [] } = rows[0] ?? {};
  if (isOwner) return;

  const role = pg.escapeIdentifier(serviceRole);
  const place = (name: string) => `public.${pg.escapeIdentifier(name)}`;
  // Several statements in one query are one transaction: no client sees some of the rights without the others.
  await owner.query(
    [
      ...(hasUsage ? [] : [`GRANT USAGE ON SCHEMA public TO ${role}`]),
      ...tables.flatMap((table) => [
        `REVOKE ALL ON ${place(table)} FROM ${role}`,
        `GRANT ${rightsOn(table).join(', ')} ON ${place(table)} TO ${role}`,
      ]),
      ...sequences.map((sequence) => `GRANT USAGE ON SEQUENCE ${place(sequence)} TO ${role}`),
    ].join(';\n'),
  );
}
