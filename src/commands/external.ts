import type { Logger } from 'pino';
import { createIssuerKeys } from '../auth/issuer-keys.ts';
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
  log: Logger,
): Promise<Foundation> {
  const { jwksUrl, issuer, audience } = auth;
  const pending = await withConnection(databaseUrl, (client) => pendingMigrations(client));
  if (pending.length > 0) {
    throw new UsageError(`The database lacks migrations, from ${pending[0]} on. Run: npm run migrate`);
  }
  const { close, ...keys } = createIssuerKeys({ url: jwksUrl, log });
  return {
    databaseUrl,
    issuer: { issuer, audience, ...keys },
    masterKeys,
    close: async () => close(),
  };
}
