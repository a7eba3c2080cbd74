import { CompactSign, compactVerify, errors } from 'jose';
import type { SigningKey, VerificationKey } from './signing-key.ts';

/** What the ledger of an organization was: the hash (in hexadecimal digits) of the entry of this number, and when that was seen. */
export interface Checkpoint {
  organizationId: string;
  number: number;
  hash: string;
  at: string;
}

/** In the header, so that nothing else that the key signs, such as a token, passes for a checkpoint, or a checkpoint for it. */
const type = 'modelgate-checkpoint';

export function signCheckpoint(checkpoint: Checkpoint, { privateKey, publicKey }: SigningKey): Promise<string> {
  const { organizationId, number, hash, at } = checkpoint;
  return new CompactSign(Buffer.from(JSON.stringify({ organizationId, number, hash, at })))
    .setProtectedHeader({ alg: publicKey.alg, typ: type, kid: publicKey.kid })
    .sign(privateKey);
}

/** What a token says that one of these keys has signed; otherwise why it is not believed. */
export async function openCheckpoint(
  token: string,
  keys: ReadonlyMap<string, VerificationKey>,
): Promise<Checkpoint | 'UNKNOWN_KEY' | 'BAD_SIGNATURE'> {
  try {
    const { payload, protectedHeader } = await compactVerify(
      token,
      ({ kid, alg }) => {
        const found = keys.get(kid ?? '');
        if (!found) throw new errors.JWKSNoMatchingKey();
        if (found.alg !== alg) throw new errors.JWSSignatureVerificationFailed();
        return found.key;
      },
      { algorithms: ['ES256', 'EdDSA'] },
    );
    if (protectedHeader.typ !== type) return 'BAD_SIGNATURE';
    return JSON.parse(Buffer.from(payload).toString());
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return 'UNKNOWN_KEY';
    if (error instanceof errors.JOSEError) return 'BAD_SIGNATURE';
    throw error;
  }
}
