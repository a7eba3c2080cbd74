import { createHash, createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { OperatorError } from '../../errors/operator-error.ts';

/** A text holds no key that signs or verifies checkpoints. The message quotes nothing of it, since it may be secret. */
export class SigningKeyError extends OperatorError {
  override readonly name = 'SigningKeyError';
}

export type SigningAlgorithm = 'ES256' | 'EdDSA';

/** A public key, by the id that is in the header of what its private key has signed. */
export interface VerificationKey {
  kid: string;
  alg: SigningAlgorithm;
  key: KeyObject;
}

/** A private key, with its public one. */
export interface SigningKey {
  privateKey: KeyObject;
  publicKey: VerificationKey;
}

const kinds = 'of the curve P-256 (ES256) or Ed25519 (EdDSA)';

/**
 * The private key in a text: a JWK, PKCS#8 in PEM, or the Base64 of PKCS#8 alone, which is one line.
 * @throws SigningKeyError
 */
export function parseSigningKey(text: string): SigningKey {
  const jwk = parseJson(text);
  const privateKey = attempt(() =>
    jwk === undefined
      ? createPrivateKey(
          text.startsWith('-----') ? text : { key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' },
        )
      : createPrivateKey({ key: jwk, format: 'jwk' }),
  );
  if (!privateKey) throw new SigningKeyError(`must be a private key ${kinds}: a JWK, or PKCS#8 in PEM or Base64`);
  return { privateKey, publicKey: verificationKeyOf(createPublicKey(privateKey), jwk?.kid) };
}

/**
 * The public keys in a text: a JWKS, one JWK, or blocks of PEM.
 * @throws SigningKeyError
 */
export function parseVerificationKeys(text: string): VerificationKey[] {
  const json = parseJson(text);
  const found = attempt(() => (json === undefined ? fromPem(text) : fromJwks(json)));
  if (!found || found.length === 0) throw new SigningKeyError(`must hold public keys ${kinds}: a JWKS, or PEM`);
  return found.map(({ key, kid }) => verificationKeyOf(key, kid));
}

interface Found {
  key: KeyObject;
  kid?: unknown;
}

function fromPem(text: string): Found[] {
  const blocks = text.match(/-----BEGIN [A-Z ]+-----[^-]+-----END [A-Z ]+-----/g) ?? [];
  return blocks.map((block) => ({ key: createPublicKey(block) }));
}

function fromJwks(json: Jwk): Found[] {
  const keys = Array.isArray(json.keys) ? (json.keys as Jwk[]) : [json];
  return keys.map((jwk) => ({ key: createPublicKey({ key: jwk, format: 'jwk' }), kid: jwk.kid }));
}

/** A key without an id of its own has its thumbprint (RFC 7638). @throws SigningKeyError */
function verificationKeyOf(key: KeyObject, kid: unknown): VerificationKey {
  const { kty, crv, x, y } = key.export({ format: 'jwk' });
  const alg = crv === 'P-256' ? 'ES256' : crv === 'Ed25519' ? 'EdDSA' : undefined;
  if (alg === undefined) throw new SigningKeyError(`must be ${kinds}`);
  const members = alg === 'ES256' ? { crv, kty, x, y } : { crv, kty, x };
  const thumbprint = createHash('sha256').update(JSON.stringify(members)).digest('base64url');
  return { kid: typeof kid === 'string' && kid !== '' ? kid : thumbprint, alg, key };
}

type Jwk = JsonWebKey & { kid?: unknown; keys?: unknown };

/** Undefined where the text is no JSON object. */
function parseJson(text: string): Jwk | undefined {
  const parsed: unknown = attempt(() => JSON.parse(text));
  return typeof parsed === 'object' && parsed !== null ? (parsed as Jwk) : undefined;
}

function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
