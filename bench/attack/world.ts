import { limitRules } from '../../src/limits.ts';
import { models } from '../fill.ts';
import type { World } from '../world.ts';

/** The owner of `organization` alone, in which there is as much as there may be of everything, and more. */
export const heavy = { organization: 'org_heavy', user: 'usr_heavy', settings: 'oms_heavy' };

/** Fills an organization; all others say as much about models as one can. */
export async function fillHeavily({ owner }: World): Promise<void> {
  const { organization, user } = heavy;
  await owner.query(`INSERT INTO "Organization" ("id", "name", "revision") VALUES ($1, $2, 400)`, [
    organization,
    'x'.repeat(200),
  ]);
  await owner.query(
    `INSERT INTO "User" ("id", "name") SELECT 'usr_heavy_' || n, repeat('n', 200) FROM generate_series(1, 1000) AS g(n)`,
  );
  await owner.query(`INSERT INTO "User" ("id") VALUES ($1)`, [user]);
  await owner.query(
    `INSERT INTO "Membership" ("organizationId", "userId", "role")
     SELECT $1, "id", (CASE "id" WHEN $2 THEN 'OWNER' ELSE 'MEMBER' END)::"Role" FROM "User" WHERE "id" LIKE 'usr\\_heavy%'`,
    [organization, user],
  );
  const entries = `(SELECT array_agg(rpad('model-' || n || '-', 200, 'x')) FROM generate_series(1, 250) AS g(n))`;
  await owner.query(
    `INSERT INTO "ModelSettings" ("organizationId", "disabledProviders", "disabledModels", "updatedAt") VALUES ($1, '{}', '{}', now())`,
    [organization],
  );
  await owner.query(`UPDATE "ModelSettings" SET "disabledModels" = ${entries}`);
  const saidAt = (revision: string) =>
    `jsonb_build_object('disabledProviders', '[]'::jsonb, 'defaultModelKey', NULL, 'disabledModels',
       (SELECT jsonb_agg(rpad('model-' || (${revision}) || '-' || n || '-', 200, 'x')) FROM generate_series(1, 250) AS h(n)))`;
  await owner.query(
    `INSERT INTO "Revision" ("id", "organizationId", "number", "at", "actorId", "action", "subjectId", "before", "after")
     SELECT 'rev_heavy_' || r, $1, r, now(), $2, 'MODEL_SETTINGS_UPDATED', $3, ${saidAt('r')}, ${saidAt('r + 1')}
     FROM generate_series(1, 400) AS g(r)`,
    [organization, user, heavy.settings],
  );
  await fillLists(owner, JSON.stringify(models.map(({ provider, modelId }) => [provider, modelId])));
}

async function fillLists(owner: World['owner'], catalog: string): Promise<void> {
  const { organization, user } = heavy;
  // Half are the organization's, half its owner's; of half of either the settings are one long text, else many short fields.
  await owner.query(
    `INSERT INTO "ModelConfig" ("id", "organizationId", "userId", "creatorId", "provider", "modelId", "settings", "createdAt", "updatedAt")
     SELECT 'cfg_heavy_' || lpad(j::text, 5, '0'), $1, CASE WHEN j % 2 = 1 THEN $2 END, $2, m->>0, m->>1,
            CASE WHEN j % 4 < 2 THEN jsonb_build_object('text', repeat('x', 16000)) ELSE wide END, at, at
     FROM generate_series(0, $4::int - 1) AS g(j),
          (SELECT jsonb_object_agg('k' || n, n % 10) AS wide FROM generate_series(1, 1800) AS h(n)) AS w,
          LATERAL (SELECT $3::jsonb -> (j % jsonb_array_length($3::jsonb)) AS m,
                          '2026-02-01T00:00:00Z'::timestamptz + j * interval '1 minute' AS at) AS x`,
    [organization, user, catalog, 2 * limitRules.modelConfigs.value],
  );
  await owner.query(
    `INSERT INTO "ProviderKey" ("id", "organizationId", "provider", "name", "sealed", "masterKeyId", "last4", "createdAt", "updatedAt")
     SELECT 'key_heavy_' || n, $1, 'openai', repeat('n', 100), '\\x00', 'bench', '0000', now(), now() FROM generate_series(1, 500) AS g(n)`,
    [organization],
  );
  await owner.query(
    `INSERT INTO "ApiKey" ("id", "organizationId", "name", "hash", "last4", "scopes", "createdById", "createdAt")
     SELECT 'api_heavy_' || n, $1, repeat('n', 100), sha256(n::text::bytea), '0000', '{read}', $2, now() FROM generate_series(1, 500) AS g(n)`,
    [organization, user],
  );
  for (const [table, column] of [
    ['UsageHour', 'hour'],
    ['UsageDay', 'day'],
  ]) {
    await owner.query(
      `INSERT INTO "${table}" ("organizationId", "${column}", "provider", "modelId", "usageCount", "promptTokens", "completionTokens", "unpricedCount", "lastUsedAt")
       SELECT $1, date_trunc('day', now(), 'UTC'), 'openai', rpad('name-' || n || '-', 200, 'x'), 1, 1, 1, 1, now()
       FROM generate_series(1, 20000) AS g(n)`,
      [organization],
    );
  }
  await owner.query('ANALYZE');
}
