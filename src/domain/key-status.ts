import type { Database, Transaction } from '../database/client.ts';

/** Whose key calls of a model are made with: an own one, the operator's, or nobody's yet. */
export const keyStatuses = ['CUSTOM', 'PLATFORM', 'NEEDS_SETUP'] as const;
export type KeyStatus = (typeof keyStatuses)[number];

/** The status of a provider for an organization that has active keys of its own at these providers. */
export function keyStatusOf(provider: string, own: ReadonlySet<string>, platform: ReadonlySet<string>): KeyStatus {
  if (own.has(provider)) return 'CUSTOM';
  return platform.has(provider) ? 'PLATFORM' : 'NEEDS_SETUP';
}

/** For each organization, the providers that it has an active key at. */
export async function findOwnKeyProviders(
  db: Database | Transaction,
  organizationIds: readonly string[],
): Promise<ReadonlySet<string>[]> {
  const rows = await db.providerKey.findMany({
    where: { organizationId: { in: [...organizationIds] }, isActive: true },
    distinct: ['organizationId', 'provider'],
    select: { organizationId: true, provider: true },
  });
  const providers = new Map(organizationIds.map((id) => [id, new Set<string>()]));
  for (const { organizationId, provider } of rows) providers.get(organizationId)?.add(provider);
  return organizationIds.map((id) => providers.get(id) ?? new Set());
}
