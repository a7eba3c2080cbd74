import type { PrismaDatabase } from '../../database/pool/client.ts';
import { InvalidProviderKeyError } from '../../errors/models.ts';
import type { Sealed, Vault, VaultPlace } from './vault.ts';

/** The progress of a rotation. */
export interface Rotation {
  /** Provider keys that were sealed with another master key than the first when the rotation began. */
  total: number;
  resealed: number;
  /** Why keys could not be decrypted, one text a key; they are left unchanged. */
  failures: readonly string[];
}

const batchSize = 50;

/** How many provider keys are sealed with another master key than the first. */
export function countStale(db: PrismaDatabase, vault: Vault): Promise<number> {
  return db.providerKey.count({ where: { masterKeyId: { not: vault.masterKeyId } } });
}

/**
 * Reseals with the first master key what another one sealed, row by row, and yields its progress after each batch. It may
 * be stopped at any moment and run again. A row that is rotated or deleted concurrently is skipped.
 */
export async function* resealProviderKeys(db: PrismaDatabase, vault: Vault): AsyncGenerator<Rotation> {
  const stale = { masterKeyId: { not: vault.masterKeyId } };
  const total = await countStale(db, vault);
  let resealed = 0;
  const failures: string[] = [];
  yield { total, resealed, failures };

  for (let after = ''; ; ) {
    const rows = await db.providerKey.findMany({
      where: { ...stale, id: { gt: after } },
      select: { id: true, organizationId: true, provider: true, sealed: true, masterKeyId: true },
      orderBy: { id: 'asc' },
      take: batchSize,
    });
    for (const row of rows) {
      const outcome = await reseal(db, vault, row);
      if (typeof outcome === 'string') failures.push(outcome);
      else resealed += outcome;
    }
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
    yield { total, resealed, failures };
  }
}

/** How many rows it changed, 0 where the row has changed meanwhile; or why it cannot be decrypted. */
async function reseal(db: PrismaDatabase, vault: Vault, row: VaultPlace & Sealed): Promise<number | string> {
  try {
    const { id, organizationId, sealed } = row;
    const next = vault.seal(row, vault.open(row));
    const { count } = await db.providerKey.updateMany({ where: { id, organizationId, sealed }, data: next });
    return count;
  } catch (error) {
    if (error instanceof InvalidProviderKeyError) return error.message;
    throw error;
  }
}
