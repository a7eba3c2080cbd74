import type { FuzzedService, Scene } from './scene.ts';

type Db = FuzzedService['db'];

/** Every row that is an organization's, as text. */
export async function rowsOf(db: Db, organizationId: string): Promise<string[]> {
  const tables = await db.$queryRaw<{ name: string; key: string }[]>`
    SELECT "table_name" AS name, "column_name" AS key FROM information_schema.columns
    WHERE "table_schema" = 'public' AND ("column_name" = 'organizationId' OR ("table_name", "column_name") = ('Organization', 'id'))
    ORDER BY 1`;
  const all: string[] = [];
  for (const { name, key } of tables) {
    const rows = await db.$queryRawUnsafe<{ row: string }[]>(
      `SELECT to_jsonb(t)::text AS row FROM "${name}" t WHERE "${key}" = $1 ORDER BY 1`,
      organizationId,
    );
    all.push(...rows.map(({ row }) => `${name} ${row}`));
  }
  return all;
}

/** What of a scene's organization does not hold that always must. */
export async function brokenRules(db: Db, { organization: id }: Scene): Promise<string[]> {
  const { revision } = await db.organization.findUniqueOrThrow({ where: { id } });
  const entries = await db.revision.findMany({ where: { organizationId: id }, orderBy: { number: 'asc' } });
  const configs = await db.modelConfig.findMany({ where: { organizationId: id, isDefault: true } });
  const owners = configs.map(({ userId }) => userId);
  const ownersLeft = await db.membership.count({ where: { organizationId: id, role: 'OWNER' } });
  return [
    ...(entries.every(({ number }, index) => number === index + 1) ? [] : ['The revisions are not contiguous']),
    ...(entries.length === revision ? [] : [`It is at revision ${revision}, and has ${entries.length}`]),
    ...(new Set(owners).size === owners.length ? [] : ['Somebody has two defaults']),
    ...(configs.every(({ isEnabled }) => isEnabled) ? [] : ['A default is disabled']),
    ...(ownersLeft > 0 ? [] : ['It has no owner']),
  ];
}
