import { z } from 'zod';
import type { Database, Transaction } from '../database/client.ts';
import { ProviderKeyInUseError } from '../model-errors.ts';
import { commit } from './ledger.ts';
import { ledgerStateOf, lockedProviderKey, type ProviderKey } from './provider-key.ts';
import type { KeyKeeper } from './provider-key-change.ts';
import { expectedRevision, parseInput } from './validation.ts';

const Deletion = z.object({
  detach: z.boolean({ error: 'must be true or false' }).default(false),
  expectedRevision,
});

/** A provider key that is gone, and the configurations that went without it from then on. */
export interface DeletedProviderKey {
  id: string;
  detachedModelConfigIds: readonly string[];
}

/**
 * Deletes a provider key. Where configurations use it that is refused, unless `detach` takes it away from them in the
 * same transaction.
 *
 * @throws ProviderKeyInUseError, NotFoundError, RevisionConflictError, ValidationError
 */
export async function deleteProviderKey(
  db: Database,
  { organizationId, actor }: KeyKeeper,
  id: string,
  input: unknown,
): Promise<DeletedProviderKey> {
  const { detach, expectedRevision: expected } = parseInput(Deletion, input);

  return commit(db, { organizationId, actor, expectedRevision: expected }, async (tx) => {
    const present = await lockedProviderKey(tx, id, organizationId);
    const modelConfigIds = await findUsers(tx, present);
    if (modelConfigIds.length > 0 && !detach) throw new ProviderKeyInUseError(modelConfigIds);

    return {
      action: 'PROVIDER_KEY_DELETED',
      subjectId: id,
      before: { ...ledgerStateOf(present), ...(modelConfigIds.length > 0 ? { modelConfigIds } : {}) },
      after: null,
      apply: async ({ at }) => {
        if (modelConfigIds.length > 0) {
          await tx.modelConfig.updateMany({ where: usersOf(present), data: { providerKeyId: null, updatedAt: at } });
        }
        await tx.providerKey.delete({ where: { id }, select: { id: true } });
        return { id, detachedModelConfigIds: modelConfigIds };
      },
    };
  });
}

function usersOf({ organizationId, provider, id }: ProviderKey) {
  return { organizationId, provider, providerKeyId: id };
}

async function findUsers(tx: Transaction, key: ProviderKey): Promise<string[]> {
  const found = await tx.modelConfig.findMany({ where: usersOf(key), select: { id: true }, orderBy: { id: 'asc' } });
  return found.map(({ id }) => id);
}
