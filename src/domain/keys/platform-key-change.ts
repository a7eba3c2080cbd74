import { typeid } from 'typeid-js';
import type { Database } from '../../database/pool/client.ts';
import { onlyRow, valuesOf } from '../../database/pool/sql.ts';
import { type PlatformKey, type PlatformKeyScope, platformKeyColumns } from './platform-key.ts';
import { newPlatformKeyToken } from './platform-key-token.ts';

/** A platform key to create. */
export interface NewPlatformKey {
  name: string;
  scopes: readonly PlatformKeyScope[];
  expiresAt: Date | null;
}

/** A new platform key, and its token, which cannot be shown again. */
export interface CreatedPlatformKey {
  platformKey: PlatformKey;
  secret: string;
}

/** Creates a platform key; only the hash of its token is stored. */
export async function createPlatformKey(
  db: Database,
  { name, scopes, expiresAt }: NewPlatformKey,
  now: Date,
): Promise<CreatedPlatformKey> {
  const { token, hash, last4 } = newPlatformKeyToken();
  const row = { id: typeid('plk').toString(), name, hash, last4, scopes: [...scopes], createdAt: now, expiresAt };
  const platformKey = onlyRow(
    await db.query<PlatformKey>`
      INSERT INTO public."PlatformKey" ${valuesOf(row)} RETURNING ${platformKeyColumns}`,
  );
  return { platformKey, secret: token };
}

/**
 * Revokes a platform key for good; null where there is none of this id. Idempotent. Waits for changes that are being made with it:
 * they hold a lock on its row. A trigger tells the processes that serve.
 */
export async function revokePlatformKey(db: Database, id: string, now: Date): Promise<PlatformKey | null> {
  const [revoked] = await db.query<PlatformKey>`
    UPDATE public."PlatformKey" SET "revokedAt" = coalesce("revokedAt", ${now}::timestamptz(3)) WHERE "id" = ${id}
    RETURNING ${platformKeyColumns}`;
  return revoked ?? null;
}
