import type { Catalog } from '../../catalog/catalog.ts';
import type { Model } from '../../catalog/model.ts';
import type { Database } from '../../database/pool/client.ts';
import type { UsageTarget } from './usage-target.ts';

/**
 * The models of the catalog that each organization has configured or used, in the catalog's order. Visible configurations
 * are the shared ones and the user's own.
 */
export async function findModelsInUse(
  db: Database,
  { catalog, userId }: { catalog: Catalog; userId: string | null },
  organizationIds: readonly string[],
): Promise<Model[][]> {
  const ids = [...organizationIds];
  const found = await db.query<UsageTarget & { organizationId: string }>`
    SELECT "organizationId", "provider", "modelId" FROM public."ModelConfig"
    WHERE "organizationId" = ANY(${ids}::text[]) AND ("userId" IS NULL OR "userId" = ${userId})
    UNION
    SELECT "organizationId", "provider", "modelId" FROM public."UsageDay" WHERE "organizationId" = ANY(${ids}::text[])`;
  const inUse = new Map(ids.map((id) => [id, new Set<Model>()]));
  for (const { organizationId, provider, modelId } of found) {
    const model = catalog.find(`${provider}/${modelId}`);
    if (model) inUse.get(organizationId)?.add(model);
  }
  return ids.map((id) => catalog.models.filter((model) => inUse.get(id)?.has(model)));
}
