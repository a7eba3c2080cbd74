import { base64urlOf, bytesOfBase64url } from './base64url.ts';
import { SdkError } from './gate-error.ts';
import type { PublicKey } from './types.ts';

/** The algorithms by which the service signs: as JOSE names them, and as WebCrypto does. */
const algorithms = {
  EdDSA: { imported: { name: 'Ed25519' }, verified: { name: 'Ed25519' } },
  ES256: { imported: { name: 'ECDSA', namedCurve: 'P-256' }, verified: { name: 'ECDSA', hash: 'SHA-256' } },
} as const;

interface VerifierOptions {
  /** The keys that must have signed; undefined: those of the service, where it signs. */
  pinned: readonly PublicKey[] | undefined;
  /** Reads the keys of the service. */
  fetchKeys: () => Promise<readonly PublicKey[]>;
}

/** Verifies the signatures of snapshots. Once one was signed, all must be. */
export class Verifier {
  readonly #fetchKeys: VerifierOptions['fetchKeys'];
  readonly #isPinned: boolean;
  #mustBeSigned: boolean;
  #keys: readonly PublicKey[];
  #imported: { key: PublicKey; algorithm: object; imported: ReturnType<typeof crypto.subtle.importKey> } | undefined;

  constructor({ pinned, fetchKeys }: VerifierOptions) {
    this.#fetchKeys = fetchKeys;
    this.#isPinned = pinned !== undefined;
    this.#mustBeSigned = this.#isPinned;
    this.#keys = pinned ?? [];
  }

  /** The keys that are known. */
  get keys(): readonly PublicKey[] {
    return this.#keys;
  }

  /** Takes the keys of a bootstrap, unless others are pinned. */
  trust(keys: readonly PublicKey[]): void {
    if (!this.#isPinned) this.#keys = keys;
  }

  /** @throws SdkError where the bytes are not those that a known key has signed */
  async verify(bytes: Uint8Array<ArrayBuffer>, signature: string | null): Promise<void> {
    if (signature === null) {
      if (this.#mustBeSigned) throw refused('it has no signature');
      return;
    }
    const { keyid = '', alg = '', sig = '' } = partsOf(signature);
    const key = await this.#find(keyid);
    if (!key || !Object.hasOwn(algorithms, alg)) throw refused('its key is not known');
    const algorithm = algorithms[alg as keyof typeof algorithms];
    const isGood = await this.#import(key, algorithm)
      .then((imported) => crypto.subtle.verify(algorithm.verified, imported, bytesOfBase64url(sig), bytes))
      .catch(() => false);
    if (!isGood) throw refused('its signature is not that of its bytes');
    this.#mustBeSigned = true;
  }

  /** The key that was imported last is kept: it is that of all snapshots, as a rule. */
  #import(key: PublicKey, { imported: algorithm }: (typeof algorithms)[keyof typeof algorithms]) {
    if (this.#imported?.key !== key || this.#imported.algorithm !== algorithm) {
      const { kty, crv, x, y } = key;
      const jwk = { kty, ...(crv ? { crv } : {}), ...(x ? { x } : {}), ...(y ? { y } : {}) };
      this.#imported = { key, algorithm, imported: crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify']) };
    }
    return this.#imported.imported;
  }

  async #find(keyId: string): Promise<PublicKey | undefined> {
    const isIt = ({ kid }: PublicKey) => kid === keyId;
    const known = this.#keys.find(isIt);
    if (this.#isPinned) return known ?? this.#keys.find(({ kid }) => kid === undefined);
    if (known) return known;
    this.#keys = await this.#fetchKeys();
    return this.#keys.find(isIt);
  }
}

/** @throws SdkError where the bytes have another hash */
export async function verifyHash(bytes: Uint8Array<ArrayBuffer>, hash: string): Promise<void> {
  if (base64urlOf(await crypto.subtle.digest('SHA-256', bytes)) !== hash) {
    throw new SdkError('BAD_SIGNATURE', 'The catalog is refused: its hash is not that of the snapshot');
  }
}

function refused(why: string): SdkError {
  return new SdkError('BAD_SIGNATURE', `The snapshot is refused: ${why}`);
}

/** `keyid="…", alg="…", sig="…"` */
function partsOf(signature: string): Record<string, string> {
  const parts = signature.matchAll(/(\w{1,20})="([^"]{0,200})"/g);
  return Object.fromEntries([...parts].map(([, name = '', value = '']) => [name, value]));
}
