import { createRemoteJWKSet } from 'jose';
import { pendingMigrations } from '../database/migrations.ts';
import type { MasterKeys } from '../domain/master-keys.ts';
import type { Environment } from '../env.ts';
import { UsageError } from './command.ts';
import { withConnection } from './connection.ts';
import type { Foundation } from './foundation.ts';

/** The operator's own database, which must have all migrations, and an issuer that the operator trusts. */
export async function useExternal(
  databaseUrl: string,
  auth: NonNullable<Environment['auth']>,
  masterKeys: MasterKeys,
): Promise<Foundation> {
  const { jwksUrl, issuer, audience } = auth;
  const keys = createRemoteJWKSet(new URL(jwksUrl));
  // So that the first caller need not wait for them; where they cannot be had, it is that caller who is told.
  keys.reload().catch(() => {});
  const pending = await withConnection(databaseUrl, (client) => pendingMigrations(client));
  if (pending.length > 0) {
    throw new UsageError(`The database lacks migrations, from ${pending[0]} on. Run: npm run migrate`);
  }
  return {
    databaseUrl,
    issuer: { issuer, audience, keys },
    masterKeys,
    close: async () => {},
  };
}
