import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { idsOf } from '../input/id.ts';
import { inOrderOf } from '../reading/page.ts';
import { isWithin, type ReadScope } from '../reading/read-scope.ts';
import { type ModelConfig, plainColumns } from './model-config.ts';

/** The key of a loader. Settings are read only where they are selected, since they can be long. */
export interface ConfigKey {
  /** The id of a configuration, or of an organization for its defaults. */
  id: string;
  hasSettings: boolean;
}

/** A configuration of a list: with its model's name where the list is ordered by that. */
export type ListedModelConfig = ModelConfig & { displayName: string | null };

interface Shown {
  /** What `asRow` selects: of all rows, or of one where its settings stand beside it. */
  rows: readonly (readonly unknown[])[] | null;
  settings: string | null;
}

const ms = (column: Prisma.Sql) => Prisma.sql`(extract(epoch from ${column}) * 1000)::bigint`;

/** The columns of a configuration `c` for an answer, as an array of JSON, and its settings, as text, where the condition holds. */
export const asRow = (settingsWhere: Prisma.Sql | undefined, displayName: Prisma.Sql = Prisma.sql`NULL`) => Prisma.sql`
  json_build_array(${plainColumns}, ${ms(Prisma.sql`c."createdAt"`)}, ${ms(Prisma.sql`c."updatedAt"`)}, ${displayName}) AS "row",
  ${settingsWhere ? Prisma.sql`CASE WHEN ${settingsWhere} THEN c."settings"::text END` : Prisma.sql`NULL`} AS "settings"`;

/**
 * The configurations that a statement selects by `asRow`, in its order. Without settings all are one text of JSON: to parse it
 * takes a third of the time of so many columns. Settings can be long, and are copied into the answer as they are, so they are
 * columns of their own.
 */
export async function readShown(
  db: Database,
  selected: Prisma.Sql,
  hasSettings: boolean,
): Promise<ListedModelConfig[]> {
  const found = await db.query<Shown>`
    SELECT ${hasSettings ? Prisma.sql`json_build_array(s."row")` : Prisma.sql`json_agg(s."row")`} AS "rows",
           ${hasSettings ? Prisma.sql`s."settings"` : Prisma.sql`NULL`} AS "settings"
    FROM (${selected}) s`;
  return found.flatMap(({ rows, settings }) => (rows ?? []).map((row) => configOf(row, settings)));
}

function configOf(row: readonly unknown[], settings: string | null): ListedModelConfig {
  return {
    id: row[0] as string,
    organizationId: row[1] as string,
    userId: row[2] as string | null,
    creatorId: row[3] as string,
    provider: row[4] as string,
    modelId: row[5] as string,
    providerKeyId: row[6] as string | null,
    isEnabled: row[7] as boolean,
    isDefault: row[8] as boolean,
    createdAt: new Date(row[9] as number),
    updatedAt: new Date(row[10] as number),
    displayName: row[11] as string | null,
    settings,
  };
}

/** The ids of the keys whose settings are selected. */
export function idsWithSettings(keys: readonly ConfigKey[]): string[] {
  return keys.flatMap(({ id, hasSettings }) => (hasSettings ? [id] : []));
}

/** Configurations by id, in the order of the keys; null for one that does not exist, or is not visible. */
export async function findModelConfigs(
  db: Database,
  { userId, organizations }: ReadScope,
  keys: readonly ConfigKey[],
): Promise<(ModelConfig | null)[]> {
  const ids = keys.map(({ id }) => id);
  const withSettings = idsOf('cfg', idsWithSettings(keys));
  const hasSettings = withSettings.length > 0;
  const selected = Prisma.sql`
    SELECT ${asRow(hasSettings ? Prisma.sql`c."id" = ANY(${withSettings}::text[])` : undefined)}
    FROM public."ModelConfig" c
    WHERE c."id" = ANY(${idsOf('cfg', ids)}::text[]) AND ${isWithin(organizations, Prisma.sql`c."organizationId"`)}
      AND (c."userId" IS NULL OR c."userId" = ${userId})`;
  return inOrderOf(ids, await readShown(db, selected, hasSettings));
}
