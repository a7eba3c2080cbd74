import { join } from 'node:path';
import type pg from 'pg';
import { readModels } from './processes/decision.ts';
import {
  callerOf,
  configsPerOrganization,
  firstRevision,
  modelsInUse,
  organizationId,
  organizationsPerUser,
  providerKeysOf,
  settingsOf,
  userOf,
} from './processes/population.ts';

/** The catalog that ships with the service. */
/** Whose tokens the service trusts. */
export const issuer = 'bench';
export const catalogFile = join(import.meta.dirname, '../src/catalog/models.json');
export const models = modelsInUse(readModels(catalogFile));

/** Organizations, by number: `from` is the first, `to` the first after them. */
interface Range {
  from: number;
  to: number;
}

const batch = 5_000;

/** Organizations with an owner, settings and the entry of the ledger that made them, and some with provider keys. */
export async function fillOrganizations(owner: pg.Client, { from, to }: Range): Promise<void> {
  for (let start = from; start < to; start += batch) {
    const numbers = Array.from({ length: Math.min(batch, to - start) }, (_, index) => start + index);
    await fillBatch(owner, numbers);
  }
  await owner.query('ANALYZE');
}

async function fillBatch(owner: pg.Client, numbers: readonly number[]): Promise<void> {
  const ids = numbers.map(organizationId);
  const users = numbers.map(userOf);
  const revisions = numbers.map(firstRevision);
  await owner.query(
    `INSERT INTO "Organization" ("id", "name", "revision")
     SELECT id, 'Organization ' || id, r FROM unnest($1::text[], $2::int[]) AS n(id, r)`,
    [ids, revisions],
  );
  await fillUsers(owner, users);
  await owner.query(
    `INSERT INTO "Membership" ("organizationId", "userId", "role")
     SELECT o, u, 'OWNER' FROM unnest($1::text[], $2::text[]) AS n(o, u)`,
    [ids, users],
  );
  const settings = numbers.map((number, index) => ({
    id: ids[index],
    user: users[index],
    revision: revisions[index],
    ...settingsOf(number, models),
  }));
  // Lists of different lengths are no array of PostgreSQL: they go as JSON.
  await owner.query(
    `WITH given AS (
       SELECT n->>'id' AS id, n->>'user' AS u, (n->>'revision')::int AS r, n->>'defaultModelKey' AS key,
              array(SELECT jsonb_array_elements_text(n->'disabledProviders')) AS providers,
              array(SELECT jsonb_array_elements_text(n->'disabledModels')) AS models
       FROM jsonb_array_elements($1::jsonb) AS n
     ), settings AS (
       INSERT INTO "ModelSettings" ("organizationId", "disabledProviders", "disabledModels", "defaultModelKey", "updatedAt", "updatedById")
       SELECT id, providers, models, key, '2026-01-01T00:00:00Z'::timestamptz + r * interval '1 second', u FROM given
     )
     INSERT INTO "Revision" ("id", "organizationId", "number", "at", "actorId", "action", "subjectId")
     SELECT 'rev_' || id, id, r, '2026-01-01T00:00:00Z'::timestamptz + r * interval '1 second', u,
            'MODEL_SETTINGS_UPDATED', replace(id, 'org_', 'oms_') FROM given`,
    [JSON.stringify(settings)],
  );
  const keys = numbers.flatMap((number) =>
    providerKeysOf(number, models).map((key) => ({ ...key, organizationId: organizationId(number) })),
  );
  // Nobody opens them.
  await owner.query(
    `INSERT INTO "ProviderKey" ("id", "organizationId", "provider", "name", "sealed", "masterKeyId", "last4", "isActive", "createdAt", "updatedAt")
     SELECT 'key_' || substr(o, 5) || '_' || p, o, p, 'Key', '\\x00', 'bench', '0000', a, now(), now()
     FROM unnest($1::text[], $2::text[], $3::bool[]) AS n(o, p, a)`,
    [keys.map((key) => key.organizationId), keys.map((key) => key.provider), keys.map((key) => key.isActive)],
  );
}

/** A member of each of the first so many organizations, who is in no other one. */
export async function fillCallers(owner: pg.Client, organizations: number): Promise<void> {
  const numbers = Array.from({ length: organizations }, (_, index) => index);
  await fillUsers(owner, numbers.map(callerOf));
  await owner.query(
    `INSERT INTO "Membership" ("organizationId", "userId", "role")
     SELECT o, u, 'MEMBER' FROM unnest($1::text[], $2::text[]) AS n(o, u)`,
    [numbers.map(organizationId), numbers.map(callerOf)],
  );
}

/** Users who have signed in before, at the issuer of the bench. */
export async function fillUsers(owner: pg.Client, users: readonly string[]): Promise<void> {
  await owner.query('INSERT INTO "User" ("id") SELECT DISTINCT unnest($1::text[]) ON CONFLICT DO NOTHING', [users]);
  await owner.query(
    `INSERT INTO "UserIdentity" ("issuer", "subject", "userId")
     SELECT DISTINCT $2, u, u FROM unnest($1::text[]) AS n(u) ON CONFLICT DO NOTHING`,
    [users, issuer],
  );
}

/** Configurations of organizations that are there, so many for each. */
export async function fillConfigs(
  owner: pg.Client,
  { from, to, each = configsPerOrganization, after = 0 }: Range & { each?: number; after?: number },
): Promise<void> {
  await owner.query(
    `INSERT INTO "ModelConfig" ("id", "organizationId", "creatorId", "provider", "modelId", "settings", "isEnabled", "isDefault", "createdAt", "updatedAt")
     SELECT 'cfg_' || n || '_' || lpad(j::text, 5, '0'), 'org_' || n, u, m->>0, m->>1, '{"temperature": 0.5}',
            j % 7 <> 3, j = 0, at, at
     FROM generate_series($1::int, $2::int - 1) AS o(i),
          generate_series($3::int, $4::int - 1) AS j(j),
          LATERAL (SELECT lpad(i::text, 6, '0') AS n, 'usr_owner_' || i / $6::int AS u,
                          $5::jsonb -> ((i * 7 + j * 3) % jsonb_array_length($5::jsonb)) AS m,
                          '2026-02-01T00:00:00Z'::timestamptz + j * interval '1 minute' AS at) AS x`,
    [
      from,
      to,
      after,
      after + each,
      JSON.stringify(models.map(({ provider, modelId }) => [provider, modelId])),
      organizationsPerUser,
    ],
  );
  await owner.query(
    `UPDATE "ModelConfig" c SET "providerKeyId" = k."id" FROM "ProviderKey" k
     WHERE k."organizationId" = c."organizationId" AND k."provider" = c."provider" AND k."isActive"
       AND c."providerKeyId" IS NULL AND c."organizationId" >= $1 AND c."organizationId" < $2 AND right(c."id", 1) < '4'`,
    [organizationId(from), organizationId(to)],
  );
  await owner.query('VACUUM ANALYZE "ModelConfig"');
}
