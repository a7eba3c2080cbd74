import type pg from 'pg';

/** Named, so that each connection prepares them once. */
export const statements = {
  settings: {
    name: 'settings',
    text: `SELECT o."revision", coalesce(s."disabledProviders", '{}') AS "disabledProviders",
             coalesce(s."disabledModels", '{}') AS "disabledModels", s."defaultModelKey", s."updatedAt"
           FROM "Organization" o LEFT JOIN "ModelSettings" s ON s."organizationId" = o."id" WHERE o."id" = $1`,
  },
  configs: {
    name: 'configs',
    text: `SELECT "id", "provider", "modelId", "isEnabled", "createdAt" FROM "ModelConfig"
           WHERE "organizationId" = $1 AND "userId" IS NULL ORDER BY "createdAt", "id" LIMIT $2`,
  },
  entities: {
    name: 'entities',
    text: `SELECT c."id", c."provider", c."modelId", c."isEnabled"
           FROM unnest($1::text[]) WITH ORDINALITY AS a("id", "place") JOIN "ModelConfig" c ON c."id" = a."id"
           ORDER BY a."place"`,
  },
  policy: {
    name: 'policy',
    text: `SELECT o."revision", coalesce(s."disabledProviders", '{}') AS "disabledProviders",
             coalesce(s."disabledModels", '{}') AS "disabledModels", s."defaultModelKey",
             array(SELECT DISTINCT "provider" FROM "ProviderKey"
                   WHERE "organizationId" = $1 AND "isActive") AS "keyProviders"
           FROM "Organization" o LEFT JOIN "ModelSettings" s ON s."organizationId" = o."id" WHERE o."id" = $1`,
  },
  lock: {
    name: 'lock',
    text: `SELECT o."revision", coalesce(s."disabledProviders", '{}') AS "disabledProviders",
             coalesce(s."disabledModels", '{}') AS "disabledModels", s."defaultModelKey", s."updatedAt"
           FROM "Organization" o LEFT JOIN "ModelSettings" s ON s."organizationId" = o."id" WHERE o."id" = $1
           FOR UPDATE OF o`,
  },
  advance: {
    name: 'advance',
    text: `UPDATE "Organization" SET "revision" = "revision" + 1 WHERE "id" = $1
           RETURNING "revision", clock_timestamp()::timestamptz(3) AS "at"`,
  },
  upsert: {
    name: 'upsert',
    text: `INSERT INTO "ModelSettings" ("organizationId", "disabledProviders", "disabledModels", "defaultModelKey", "updatedAt")
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT ("organizationId") DO UPDATE SET "disabledProviders" = $2, "disabledModels" = $3,
             "defaultModelKey" = $4, "updatedAt" = $5`,
  },
  entry: {
    name: 'entry',
    text: `INSERT INTO "Revision" ("id", "organizationId", "number", "at", "action", "subjectId", "before", "after")
           VALUES ($1, $2, $3, $4, 'MODEL_SETTINGS_UPDATED', $2, $5, $6)`,
  },
} as const;

export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
