import type { PrismaDatabase } from '../../database/pool/client.ts';
import { InvalidProviderKeyError } from '../../errors/models.ts';
import type { Vault } from './vault.ts';

const batchSize = 1_000;

/**
 * How many provider keys the vault does not open, by the id of the master key that sealed them. That a master key has this id is
 * not enough: each is opened.
 */
export async function countUnopenedKeys(db: PrismaDatabase, vault: Vault): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let after = ''; ; ) {
    const rows = await db.providerKey.findMany({
      where: { id: { gt: after } },
      select: { id: true, organizationId: true, provider: true, sealed: true, masterKeyId: true },
      orderBy: { id: 'asc' },
      take: batchSize,
    });
    for (const row of rows) {
      try {
        vault.open(row);
      } catch (error) {
        if (!(error instanceof InvalidProviderKeyError)) throw error;
        counts.set(row.masterKeyId, (counts.get(row.masterKeyId) ?? 0) + 1);
      }
    }
    const last = rows.at(-1);
    if (!last) return counts;
    after = last.id;
  }
}
