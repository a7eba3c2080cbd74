import type { Database } from '../../database/pool/client.ts';
import { NotFoundError } from '../../errors/base.ts';
import { InvalidProviderKeyError } from '../../errors/models.ts';
import type { Sealed, Vault } from '../vault/vault.ts';
import { findProviderKey, type ProviderKey, providerKeyColumnList } from './provider-key.ts';

/** The service that uses a provider key of an organization. */
export interface KeyUser {
  organizationId: string;
  /** The id of its API key, or its platform key. */
  keyId: string;
}

/** The secret of a provider key. It must not be cached or logged. */
export interface ProviderKeySecret {
  secret: string;
  providerKey: ProviderKey;
}

/**
 * Decrypts a provider key for a service. The use is logged and `lastUsedAt` updated in the same transaction: where the
 * key cannot be decrypted both are rolled back.
 *
 * @throws NotFoundError, InvalidProviderKeyError for a key that is inactive, or that cannot be decrypted
 */
export async function useProviderKey(
  db: Database,
  vault: Vault,
  { organizationId, keyId }: KeyUser,
  id: string,
): Promise<ProviderKeySecret> {
  return db.transaction(async (tx) => {
    // One statement checks that the key is active, logs the use and reads the sealed secret: no change can come between.
    const [key] = await tx.query<ProviderKey & Sealed>`
      WITH "used" AS (
        UPDATE public."ProviderKey" SET "lastUsedAt" = greatest("lastUsedAt", clock_timestamp()::timestamptz(3))
        WHERE "id" = ${id} AND "organizationId" = ${organizationId} AND "isActive"
        RETURNING ${providerKeyColumnList}, "sealed", "masterKeyId"),
      "logged" AS (
        INSERT INTO public."ProviderKeyUse" ("organizationId", "providerKeyId", "apiKeyId", "at")
        SELECT "organizationId", "id", ${keyId}, "lastUsedAt" FROM "used")
      SELECT ${providerKeyColumnList}, "sealed", "masterKeyId" FROM "used"`;
    if (key) {
      const { sealed, masterKeyId, ...providerKey } = key;
      return { secret: vault.open({ sealed, masterKeyId, ...placeOf(key) }), providerKey };
    }
    const off = await findProviderKey(tx, id, organizationId);
    throw off ? new InvalidProviderKeyError(`The provider key "${id}" is not active`) : new NotFoundError();
  });
}

function placeOf({ id, organizationId, provider }: ProviderKey) {
  return { id, organizationId, provider };
}
