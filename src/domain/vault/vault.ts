import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { InvalidProviderKeyError } from '../../errors/models.ts';
import type { MasterKey, MasterKeys } from './master-keys.ts';

/** The row that a sealed value belongs to. It is authenticated (AAD), so that the value cannot be decrypted in another row. */
export interface VaultPlace {
  id: string;
  organizationId: string;
  provider: string;
}

/** Nonce, ciphertext and authentication tag, and the id of the master key that encrypted them. */
export interface Sealed {
  sealed: Uint8Array<ArrayBuffer>;
  masterKeyId: string;
}

/** Encrypts and decrypts stored secrets, each bound to its row. */
export interface Vault {
  /** The id of the master key that encrypts. */
  masterKeyId: string;
  seal: (place: VaultPlace, plaintext: string) => Sealed;
  /** @throws InvalidProviderKeyError, which names the row and nothing of its content */
  open: (sealed: VaultPlace & Sealed) => string;
}

const algorithm = 'aes-256-gcm';
const nonceLength = 12;
// Without this option Node accepts tags as short as four bytes.
const authTagLength = 16;

/** A vault with AES-256-GCM: the first master key encrypts, all decrypt. */
export function createVault(masterKeys: MasterKeys): Vault {
  const [first] = masterKeys;
  const keys = new Map(masterKeys.map(({ id, key }) => [id, key]));
  return {
    masterKeyId: first.id,
    seal: (place, plaintext) => ({ sealed: encrypt(first.key, place, plaintext), masterKeyId: first.id }),
    open: ({ sealed, masterKeyId, ...place }) => {
      const key = keys.get(masterKeyId);
      if (!key) throw new InvalidProviderKeyError(`The provider key "${place.id}" was sealed by an unknown master key`);
      try {
        return decrypt(key, place, sealed);
      } catch {
        throw new InvalidProviderKeyError(
          `The provider key "${place.id}" does not open: what is stored is not its own`,
        );
      }
    },
  };
}

function encrypt(key: MasterKey['key'], place: VaultPlace, plaintext: string): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength }).setAAD(nameOf(place));
  return Buffer.concat([nonce, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: MasterKey['key'], place: VaultPlace, sealed: Uint8Array): string {
  const nonce = sealed.subarray(0, nonceLength);
  const ciphertext = sealed.subarray(nonceLength, -authTagLength);
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength })
    .setAAD(nameOf(place))
    .setAuthTag(sealed.subarray(-authTagLength));
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
}

/** The AAD of a row, as JSON, so that two rows never have the same. */
function nameOf({ organizationId, provider, id }: VaultPlace): Buffer {
  return Buffer.from(JSON.stringify([organizationId, provider, id]));
}
