import type { Database } from '../../database/pool/client.ts';
import { coalesceFor } from '../../database/pool/coalesce.ts';

/** Whose key calls of a model are made with: an own one, the operator's, or nobody's yet. */
export const keyStatuses = ['CUSTOM', 'PLATFORM', 'NEEDS_SETUP'] as const;
export type KeyStatus = (typeof keyStatuses)[number];

/** The status of a provider for an organization that has active keys of its own at these providers. */
export function keyStatusOf(provider: string, own: ReadonlySet<string>, platform: ReadonlySet<string>): KeyStatus {
  if (own.has(provider)) return 'CUSTOM';
  return platform.has(provider) ? 'PLATFORM' : 'NEEDS_SETUP';
}

/** For each organization, the providers that it has an active key at; those that many ask for are read together. */
export const findOwnKeyProviders = coalesceFor(readOwnKeyProviders);

async function readOwnKeyProviders(
  db: Database,
  organizationIds: readonly string[],
): Promise<readonly ReadonlySet<string>[]> {
  const found = await db.query<{ organizationId: string; provider: string }>`
    SELECT DISTINCT "organizationId", "provider" FROM public."ProviderKey"
    WHERE "organizationId" = ANY(${[...new Set(organizationIds)]}::text[]) AND "isActive"`;
  const providers = new Map(organizationIds.map((id) => [id, new Set<string>()]));
  for (const { organizationId, provider } of found) providers.get(organizationId)?.add(provider);
  return organizationIds.map((id) => providers.get(id) ?? new Set());
}
