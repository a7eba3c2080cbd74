import pg from 'pg';
import { Prisma } from '../generated/prisma/client.ts';

/** Tables to which the service may add, and from which it may read, no more. */
export const appendOnlyTables: readonly string[] = ['Revision', 'ProviderKeyUse'];

const books = '_prisma_migrations';

/** What the service needs to do with a table of `public`; with others that are there it has nothing to do. */
function rightsOn(table: string): string[] {
  if (table === books) return ['SELECT'];
  return appendOnlyTables.includes(table) ? ['SELECT', 'INSERT'] : ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];
}

const ownTables: readonly string[] = [...Object.values(Prisma.ModelName), books];

/** Each table with each right on it that the service needs. */
export function neededRights(): [table: string, right: string][] {
  return ownTables.flatMap((table) => rightsOn(table).map((right): [string, string] => [table, right]));
}

/** The sequences of Modelgate's tables, as a query of `pg_class`. */
export const ownSequences = `
  SELECT s.* FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') JOIN pg_class t ON t.oid = d.refobjid
  WHERE s.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
    AND t.relnamespace = 'public'::regnamespace AND t.relname IN (${ownTables.map(pg.escapeLiteral).join(', ')})`;

/**
 * Gives the service's role its rights on Modelgate's tables in `public`, and takes away any others that it has on them: never
 * TRUNCATE. Whatever else is in there stays as it is, and so do tables that the owner cannot give rights on: it is seen at
 * the start of the service whether those are needed. Does nothing where the service connects as the tables' owner.
 */
export async function grantTables(owner: Pick<pg.Client, 'query'>, serviceRole: string): Promise<void> {
  const { rows } = await owner.query<{ isOwner: boolean; isAdmitted: boolean; tables: string[]; sequences: string[] }>(
    `SELECT current_user = $1 AS "isOwner", has_schema_privilege($1, 'public', 'USAGE') AS "isAdmitted",
       array(SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
         AND relname = ANY($2) AND pg_has_role(relowner, 'USAGE')) AS tables,
       array(SELECT relname::text FROM (${ownSequences}) s WHERE pg_has_role(relowner, 'USAGE')) AS sequences`,
    [serviceRole, ownTables],
  );
  const { isOwner = false, isAdmitted = true, tables = [], sequences = [] } = rows[0] ?? {};
  if (isOwner) return;

  const role = pg.escapeIdentifier(serviceRole);
  const place = (name: string) => `public.${pg.escapeIdentifier(name)}`;
  // Several statements in one query are one transaction: nobody sees the rights half given.
  await owner.query(
    [
      ...(isAdmitted ? [] : [`GRANT USAGE ON SCHEMA public TO ${role}`]),
      ...tables.flatMap((table) => [
        `REVOKE ALL ON ${place(table)} FROM ${role}`,
        `GRANT ${rightsOn(table).join(', ')} ON ${place(table)} TO ${role}`,
      ]),
      ...sequences.map((sequence) => `GRANT USAGE ON SEQUENCE ${place(sequence)} TO ${role}`),
    ].join(';\n'),
  );
}
