import type { Database } from '../../database/pool/client.ts';
import { NotFoundError } from '../../errors/base.ts';
import { InvalidProviderKeyError } from '../../errors/models.ts';
import type { Sealed, Vault } from '../vault/vault.ts';
import { findProviderKey, type ProviderKey, providerKeyColumnList } from './provider-key.ts';

/** A service, by its API key, that asks for a provider key of its organization. */
export interface KeyUser {
  organizationId: string;
  apiKeyId: string;
}

/** The plaintext of a provider key. It is for the service that asked, and must not be kept or logged. */
export interface ProviderKeySecret {
  secret: string;
  providerKey: ProviderKey;
}

/**
 * Opens a provider key for a service. Before the plaintext is there, the use is in the log of uses and the key's time of
 * last use has moved; a key that does not open was not used.
 *
 * @throws NotFoundError, InvalidProviderKeyError for a key that is switched off, or that does not open
 */
export async function useProviderKey(
  db: Database,
  vault: Vault,
  { organizationId, apiKeyId }: KeyUser,
  id: string,
): Promise<ProviderKeySecret> {
  return db.transaction(async (tx) => {
    // One statement sees the key on, logs the use and reads what is sealed: nothing can come between.
    const [key] = await tx.query<ProviderKey & Sealed>`
      WITH "used" AS (
        UPDATE public."ProviderKey" SET "lastUsedAt" = greatest("lastUsedAt", clock_timestamp()::timestamptz(3))
        WHERE "id" = ${id} AND "organizationId" = ${organizationId} AND "isActive"
        RETURNING ${providerKeyColumnList}, "sealed", "masterKeyId"),
      "logged" AS (
        INSERT INTO public."ProviderKeyUse" ("organizationId", "providerKeyId", "apiKeyId", "at")
        SELECT "organizationId", "id", ${apiKeyId}, "lastUsedAt" FROM "used")
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
