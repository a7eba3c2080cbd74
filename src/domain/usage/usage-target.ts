import type { Catalog } from '../../catalog/catalog.ts';
import { isProviderSlug } from '../../catalog/providers.ts';
import type { Database } from '../../database/pool/client.ts';
import type { Actor } from '../ledger/ledger-entry.ts';
import type { UsageReport } from './usage-input.ts';

/** The model of a report, by the names that usage is stored under. */
export interface UsageTarget {
  provider: string;
  modelId: string;
}

/** The model of a report, and whose configuration it names: null for a shared one, or none. */
export interface ReportTarget extends UsageTarget {
  ownerId: string | null;
}

/** The scope in which the models of reports are looked up. */
export interface Targets {
  catalog: Catalog;
  organizationId: string;
  actor: Pick<Actor, 'userId' | 'apiKeyId'>;
}

/**
 * The model of a key, canonical where the catalog has it; a model that the catalog does not have must be named
 * `provider/key`. Undefined for any other key.
 */
export function targetOf(catalog: Catalog, modelKey: string): UsageTarget | undefined {
  const known = catalog.find(modelKey);
  if (known) return { provider: known.provider, modelId: known.modelId };

  const slash = modelKey.indexOf('/');
  const [provider, modelId] = [modelKey.slice(0, Math.max(0, slash)).toLowerCase(), modelKey.slice(slash + 1)];
  return isProviderSlug(provider) && modelId !== '' ? { provider, modelId } : undefined;
}

/**
 * The models of these reports; a report whose model is unknown has no entry. A configuration that is not visible to the
 * reporter counts as absent. A deleted one is looked up in the ledger, since its reports may come late.
 */
export async function findTargets(
  db: Database,
  { catalog, organizationId, actor }: Targets,
  reports: readonly UsageReport[],
): Promise<Map<UsageReport, ReportTarget>> {
  const ids = [...new Set(reports.flatMap(({ modelConfigId }) => modelConfigId ?? []))];
  const configs = await findConfigs(db, organizationId, actor, ids);
  const gone = ids.filter((id) => !configs.has(id));
  const deleted = await findDeletedConfigs(db, organizationId, actor, gone);

  const targets = new Map<UsageReport, ReportTarget>();
  for (const report of reports) {
    const { modelConfigId, modelKey } = report;
    const target = modelConfigId
      ? (configs.get(modelConfigId) ?? deleted.get(modelConfigId))
      : targetOf(catalog, modelKey ?? '');
    if (target) targets.set(report, { ownerId: null, ...target });
  }
  return targets;
}

/** Configurations visible to the reporter: to a service all of its organization, to a user the shared ones and its own. */
async function findConfigs(
  db: Database,
  organizationId: string,
  { userId }: Targets['actor'],
  ids: string[],
): Promise<Map<string, ReportTarget>> {
  if (ids.length === 0) return new Map();
  const configs = await db.query<ReportTarget & { id: string }>`
    SELECT "id", "provider", "modelId", "userId" AS "ownerId" FROM public."ModelConfig"
    WHERE "organizationId" = ${organizationId} AND "id" = ANY(${ids}::text[])
      AND (${userId}::text IS NULL OR "userId" IS NULL OR "userId" = ${userId})`;
  return new Map(configs.map(({ id, ...target }) => [id, target]));
}

/** The same for deleted configurations, from the ledger. The model of a configuration never changes, so any entry has it. */
async function findDeletedConfigs(
  db: Database,
  organizationId: string,
  { userId }: Targets['actor'],
  ids: string[],
): Promise<Map<string, ReportTarget>> {
  if (ids.length === 0) return new Map();
  const found = await db.query<ReportTarget & { id: string }>`
    SELECT r."subjectId" AS "id", c."state" ->> 'provider' AS "provider", c."state" ->> 'modelId' AS "modelId",
           c."state" ->> 'userId' AS "ownerId"
    FROM public."Revision" r
    CROSS JOIN LATERAL (SELECT CASE r."action" WHEN 'MODEL_CONFIG_CREATED' THEN r."after" ELSE r."before" END AS "state") c
    WHERE r."organizationId" = ${organizationId} AND r."action" IN ('MODEL_CONFIG_CREATED', 'MODEL_CONFIG_DELETED')
      AND r."subjectId" = ANY(${ids}::text[])
      AND (${userId}::text IS NULL OR c."state" ->> 'userId' IS NULL OR c."state" ->> 'userId' = ${userId})`;
  return new Map(found.map(({ id, ...target }) => [id, target]));
}
