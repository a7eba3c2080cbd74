import type { Logger } from 'pino';
import { discoverKeySet } from '../auth/fetch-key-set.ts';
import { createIssuerKeys } from '../auth/issuer-keys.ts';
import type { Environment } from '../environment/environment.ts';
import { requireUsable, warnUnused } from './connection.ts';
import type { ServiceDependencies } from './service-dependencies.ts';

/** Opens the operator's database, which must have all migrations, and the issuers that the operator trusts. */
export async function useExternal(
  databaseUrl: string,
  auth: NonNullable<Environment['auth']>,
  { masterKeys, ledgerSigningKey }: Pick<ServiceDependencies, 'masterKeys' | 'ledgerSigningKey'>,
  log: Logger,
): Promise<ServiceDependencies> {
  warnUnused('DATABASE_URL', databaseUrl);
  await requireUsable(databaseUrl);
  const opened = auth.map(({ jwksUrl, ...issuer }) => {
    const url = jwksUrl ?? ((signal: AbortSignal) => discoverKeySet(issuer.issuer, signal));
    const { close, ...keys } = createIssuerKeys({ url, log: log.child({ issuer: issuer.issuer }) });
    return { trusted: { ...issuer, ...keys }, close };
  });
  return {
    databaseUrl,
    issuers: opened.map(({ trusted }) => trusted),
    masterKeys,
    ledgerSigningKey,
    close: async () => {
      for (const { close } of opened) close();
    },
  };
}
