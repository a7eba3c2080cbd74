import { z } from 'zod';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { ProviderKeyInUseError } from '../../errors/models.ts';
import { expectedRevision, parseInput } from '../input/validation.ts';
import { commit } from '../ledger/ledger.ts';
import { ledgerStateOf, lockedProviderKey, type ProviderKey } from './provider-key.ts';
import type { ProviderKeysChange } from './provider-key-change.ts';

const Deletion = z.object({
  detach: z.boolean({ error: 'must be true or false' }).default(false),
  expectedRevision,
});

/** A deleted provider key, and the configurations that it was detached from. */
export interface DeletedProviderKey {
  id: string;
  detachedModelConfigIds: readonly string[];
}

/**
 * Deletes a provider key. Refused where configurations use it, unless `detach` removes it from them in the same
 * transaction.
 *
 * @throws ProviderKeyInUseError, NotFoundError, RevisionConflictError, ValidationError
 */
export async function deleteProviderKey(
  db: Database,
  { organizationId, actor }: ProviderKeysChange,
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
          await tx.query`
            UPDATE public."ModelConfig" SET "providerKeyId" = NULL, "updatedAt" = ${at} WHERE ${uses(present)}`;
        }
        await tx.query`DELETE FROM public."ProviderKey" WHERE "organizationId" = ${organizationId} AND "id" = ${id}`;
        return { id, detachedModelConfigIds: modelConfigIds };
      },
    };
  });
}

/** Whether a configuration uses this key. */
function uses({ organizationId, provider, id }: ProviderKey): Prisma.Sql {
  return Prisma.sql`"organizationId" = ${organizationId} AND "provider" = ${provider} AND "providerKeyId" = ${id}`;
}

async function findUsers(tx: Database, key: ProviderKey): Promise<string[]> {
  const found = await tx.query<{ id: string }>`SELECT "id" FROM public."ModelConfig" WHERE ${uses(key)} ORDER BY "id"`;
  return found.map(({ id }) => id);
}
