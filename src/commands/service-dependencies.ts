import type { LocalIssuer } from '../auth/issuer.ts';
import type { TrustedIssuer } from '../auth/token.ts';
import type { SigningKey } from '../domain/checkpoints/signing-key.ts';
import type { MasterKeys } from '../domain/vault/master-keys.ts';

/** What the service depends on: a migrated database, the issuers whose tokens it trusts, and the master keys. */
export interface ServiceDependencies {
  databaseUrl: string;
  issuers: readonly TrustedIssuer[];
  masterKeys: MasterKeys;
  /** Signs the checkpoints of the ledger; without it there are none. */
  ledgerSigningKey: SigningKey | undefined;
  /** The issuer where it is the embedded mode's own. */
  local?: LocalIssuer;
  /** Resolves once the database has ended for good; absent where it may come back. */
  lost?: Promise<void>;
  close: () => Promise<void>;
}
