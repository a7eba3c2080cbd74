import { readIssuerKey } from '../auth/issuer.ts';
import { parseSigningKey, type SigningKey } from '../domain/checkpoints/signing-key.ts';

/** The key of the embedded mode's issuer, which signs the checkpoints of its ledger; undefined where there is none. */
export async function localSigningKey(dataDirectory: string): Promise<SigningKey | undefined> {
  const jwk = await readIssuerKey(dataDirectory);
  return jwk && parseSigningKey(JSON.stringify(jwk));
}
