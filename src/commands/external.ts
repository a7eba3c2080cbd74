import type { Logger } from 'pino';
import { createIssuerKeys } from '../auth/issuer-keys.ts';
import type { MasterKeys } from '../domain/vault/master-keys.ts';
import type { Environment } from '../env.ts';
import { requireUsable, warnUnused } from './connection.ts';
import type { ServiceDependencies } from './service-dependencies.ts';

/** Opens the operator's database, which must have all migrations, and the issuer that the operator trusts. */
export async function useExternal(
  databaseUrl: string,
  auth: NonNullable<Environment['auth']>,
  masterKeys: MasterKeys,
  log: Logger,
): Promise<ServiceDependencies> {
  const { jwksUrl, issuer, audience } = auth;
  warnUnused('DATABASE_URL', databaseUrl);
  await requireUsable(databaseUrl);
  const { close, ...keys } = createIssuerKeys({ url: jwksUrl, log });
  return {
    databaseUrl,
    issuer: { issuer, audience, ...keys },
    masterKeys,
    close: async () => close(),
  };
}
