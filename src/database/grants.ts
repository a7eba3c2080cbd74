import pg from 'pg';

/** Tables to which the service may add, and from which it may read, no more. */
export const appendOnlyTables: readonly string[] = ['Revision', 'ProviderKeyUse'];

const readOnlyTables: readonly string[] = ['_prisma_migrations'];

/**
 * Gives the service's role its rights on the tables of `public`, and takes away any others that it has there: never
 * TRUNCATE. Does nothing where the service connects as the tables' owner, who has every right anyway.
 */
export async function grantTables(owner: pg.Client, serviceRole: string): Promise<void> {
  const { rows } = await owner.query<{ isOwner: boolean; tables: string[] }>(
    `SELECT current_user = $1 AS "isOwner",
            array(SELECT tablename::text FROM pg_tables WHERE schemaname = 'public') AS tables`,
    [serviceRole],
  );
  const { isOwner = false, tables = [] } = rows[0] ?? {};
  if (isOwner) return;

  const role = pg.escapeIdentifier(serviceRole);
  const existing = (names: readonly string[]) => names.filter((name) => tables.includes(name)).map(pg.escapeIdentifier);
  const exceptions = [
    ...existing(readOnlyTables).map((table) => `REVOKE INSERT, UPDATE, DELETE ON public.${table} FROM ${role}`),
    ...existing(appendOnlyTables).map((table) => `REVOKE UPDATE, DELETE ON public.${table} FROM ${role}`),
  ];
  // Several statements in one query are one transaction: nobody sees the rights half given.
  await owner.query(
    [
      `GRANT USAGE ON SCHEMA public TO ${role}`,
      `REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${role}`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`,
      ...exceptions,
      `GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${role}`,
    ].join(';\n'),
  );
}
