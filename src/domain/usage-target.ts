import type { Catalog } from '../catalog/catalog.ts';
import { isProviderSlug } from '../catalog/providers.ts';
import type { Database } from '../database/client.ts';
import { ValidationError, type ValidationIssue } from '../errors.ts';
import type { Actor } from './ledger-entry.ts';
import type { UsageReport } from './usage-input.ts';

/** The model that a report is about, by the names that usage is kept under. */
export interface UsageTarget {
  provider: string;
  modelId: string;
}

/** The models that reports may be about. */
export interface Targets {
  catalog: Catalog;
  organizationId: string;
  actor: Pick<Actor, 'userId' | 'apiKeyId'>;
}

/**
 * The model of a key, canonical where the catalog has it; one that only its provider knows must be named
 * `provider/key`. Undefined where the key names nothing.
 */
export function targetOf(catalog: Catalog, modelKey: string): UsageTarget | undefined {
  const known = catalog.find(modelKey);
  if (known) return { provider: known.provider, modelId: known.modelId };

  const slash = modelKey.indexOf('/');
  const [provider, modelId] = [modelKey.slice(0, Math.max(0, slash)).toLowerCase(), modelKey.slice(slash + 1)];
  return isProviderSlug(provider) && modelId !== '' ? { provider, modelId } : undefined;
}

/**
 * The models of these reports, in their order. A config that the reporter cannot see and an absent one are refused alike.
 * @throws ValidationError that names every report whose model is not known
 */
export async function findTargets(
  db: Database,
  { catalog, organizationId, actor }: Targets,
  reports: readonly UsageReport[],
): Promise<UsageTarget[]> {
  const ids = [...new Set(reports.flatMap(({ modelConfigId }) => modelConfigId ?? []))];
  const configs = ids.length === 0 ? new Map() : await findConfigs(db, organizationId, actor, ids);

  const issues: ValidationIssue[] = [];
  const targets = reports.flatMap(({ modelConfigId, modelKey }, index) => {
    const target = modelConfigId ? configs.get(modelConfigId) : targetOf(catalog, modelKey ?? '');
    if (target) return [target];
    issues.push(
      modelConfigId
        ? { path: `records.${index}.modelConfigId`, message: 'there is no such configuration' }
        : { path: `records.${index}.modelKey`, message: 'the catalog has no such model; name others `provider/key`' },
    );
    return [];
  });
  if (issues.length > 0) throw new ValidationError(issues);
  return targets;
}

/** Those that the reporter may see: a service all of its organization, a user the shared ones and its own. */
async function findConfigs(
  db: Database,
  organizationId: string,
  { userId }: Targets['actor'],
  ids: string[],
): Promise<Map<string, UsageTarget>> {
  const configs = await db.modelConfig.findMany({
    where: { organizationId, id: { in: ids }, ...(userId === null ? {} : { OR: [{ userId: null }, { userId }] }) },
    select: { id: true, provider: true, modelId: true },
  });
  return new Map(configs.map(({ id, ...target }) => [id, target]));
}
