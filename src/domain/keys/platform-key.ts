import type { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { columnsOf } from '../../database/pool/sql.ts';

/** The scopes that a platform key can have. */
export const platformKeyScopes = ['read', 'usage:write', 'keys:use', 'organizations:write', 'policy:write'] as const;
export type PlatformKeyScope = (typeof platformKeyScopes)[number];

/** The columns of a platform key that may be shown: all but its hash. */
const shown = {
  id: true,
  name: true,
  last4: true,
  scopes: true,
  createdAt: true,
  expiresAt: true,
  revokedAt: true,
} as const satisfies Prisma.PlatformKeySelect;

export type PlatformKey = Prisma.PlatformKeyGetPayload<{ select: typeof shown }>;

/** The same in SQL. */
export const platformKeyColumns = columnsOf(shown);

/** The platform key whose token has this SHA-256, whatever its status. */
export async function findPlatformKeyByHash(db: Database, hash: Uint8Array<ArrayBuffer>): Promise<PlatformKey | null> {
  const [found] = await db.query<PlatformKey>`
    SELECT ${platformKeyColumns} FROM public."PlatformKey" WHERE "hash" = ${hash}`;
  return found ?? null;
}

/** All platform keys, newest first, including expired and revoked ones. */
export function findPlatformKeys(db: Database): Promise<PlatformKey[]> {
  return db.query<PlatformKey>`
    SELECT ${platformKeyColumns} FROM public."PlatformKey" ORDER BY "createdAt" DESC, "id" DESC`;
}
