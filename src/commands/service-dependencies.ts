import type { LocalIssuer } from '../auth/issuer.ts';
import type { TrustedIssuer } from '../auth/token.ts';
import type { MasterKeys } from '../domain/vault/master-keys.ts';

/** What the service depends on: a migrated database, the issuer whose tokens it trusts, and the master keys. */
export interface ServiceDependencies {
  databaseUrl: string;
  issuer: TrustedIssuer;
  masterKeys: MasterKeys;
  /** The issuer again where it is the service's own, of the embedded mode. */
  local?: LocalIssuer;
  /** Resolves when the database is gone for good; absent where it may come back. */
  lost?: Promise<void>;
  close: () => Promise<void>;
}
