import { createLocalJWKSet, importJWK, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';

const maxKeys = 1_000;
const minRsaBits = 2_048;

const KeySet = z.object({ keys: z.array(z.unknown()).max(maxKeys, `has more than ${maxKeys} keys`) });

/** Long enough for RSA of 16,384 bits. */
const text = z.string().max(3_000);

/** A public key for signatures; unused members are stripped, secrets (`oct`) and private keys are refused. */
const SigningKey = z.object({
  kty: z.enum(['EC', 'OKP', 'RSA']),
  kid: text.exactOptional(),
  alg: text.exactOptional(),
  use: z.literal('sig').exactOptional(),
  key_ops: z.array(text).exactOptional(),
  crv: text.exactOptional(),
  x: text.exactOptional(),
  y: text.exactOptional(),
  n: text.exactOptional(),
  e: text.exactOptional(),
  d: z.never().exactOptional(),
});
type SigningKey = z.infer<typeof SigningKey>;

/** Why there is no key set; `fault` completes the sentence, as in `answered with status 404`. */
export class KeySetError extends Error {
  constructor(fault = 'is no key set', document = 'key set') {
    super(`The ${document} of the issuer ${fault}`);
    this.name = 'KeySetError';
  }
}

/**
 * The keys of a JWKS document (RFC 7517). Unusable keys are skipped. jose caches the import of each key per algorithm.
 *
 * @throws KeySetError
 */
export async function readKeySet(document: string): Promise<JWTVerifyGetKey> {
  const set = KeySet.safeParse(parse(document));
  if (!set.success) throw new KeySetError(set.error.issues.find(({ code }) => code === 'too_big')?.message);
  const keys = await Promise.all(set.data.keys.map(usable));
  return createLocalJWKSet({ keys: keys.filter((key) => key !== null) });
}

function parse(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    return undefined;
  }
}

async function usable(candidate: unknown): Promise<SigningKey | null> {
  const { data: jwk } = SigningKey.safeParse(candidate);
  if (!jwk) return null;
  try {
    const key = await importJWK(jwk, jwk.alg ?? algorithmOf(jwk));
    if (key instanceof Uint8Array || key.type !== 'public') return null;
    return jwk.kty === 'RSA' && modulusLengthOf(key) < minRsaBits ? null : jwk;
  } catch {
    return null;
  }
}

/** An algorithm to test the import of a key without `alg` with; verification uses the one in the token's header. */
function algorithmOf({ kty, crv }: SigningKey): string {
  if (kty === 'RSA') return 'RS256';
  return kty === 'OKP' ? 'EdDSA' : `ES${crv === 'P-521' ? '512' : crv?.slice(2)}`;
}

function modulusLengthOf({ algorithm }: CryptoKey): number {
  return 'modulusLength' in algorithm ? Number(algorithm.modulusLength) : 0;
}
