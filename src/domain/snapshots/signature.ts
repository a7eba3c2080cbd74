import { sign } from 'node:crypto';
import type { SigningKey } from '../checkpoints/signing-key.ts';

/**
 * The signature over these bytes, as `modelgate-signature` has it: the key by its id in the JWKS, the algorithm as JOSE names it,
 * and the signature in Base64url. The bytes begin with `{`: nothing else that the key signs does, so that nothing passes for another.
 */
export function signatureOf(bytes: Uint8Array, { privateKey, publicKey: { kid, alg } }: SigningKey): string {
  const key = alg === 'ES256' ? ({ key: privateKey, dsaEncoding: 'ieee-p1363' } as const) : privateKey;
  const signature = sign(alg === 'ES256' ? 'sha256' : null, bytes, key).toString('base64url');
  return `keyid=${JSON.stringify(kid)}, alg="${alg}", sig="${signature}"`;
}
