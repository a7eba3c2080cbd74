import { describe, expect, it } from 'vitest';
import { newMasterKey, parseMasterKeys } from '../../src/domain/vault/master-keys.ts';
import { createVault } from '../../src/domain/vault/vault.ts';
import { InvalidProviderKeyError } from '../../src/errors/models.ts';

const [oldKey, newKey] = [newMasterKey('old'), newMasterKey('new')];
const vault = createVault(parseMasterKeys(oldKey));
const place = { id: 'key_1', organizationId: 'org_1', provider: 'openai' };
const secret = 'sk-test-1234567890';
const sealed = vault.seal(place, secret);

describe('the vault', () => {
  it('opens in its place what it sealed', () => {
    expect(vault.open({ ...place, ...sealed })).toBe(secret);
    expect(vault.open({ ...place, ...vault.seal(place, 'ключ 🔑') })).toBe('ключ 🔑');
  });

  it('seals the same value differently each time: nonce, ciphertext and tag', () => {
    const again = vault.seal(place, secret);

    expect(sealed.sealed).toHaveLength(12 + secret.length + 16);
    expect(again.sealed.slice(0, 12)).not.toEqual(sealed.sealed.slice(0, 12));
    expect(again.sealed.slice(12)).not.toEqual(sealed.sealed.slice(12));
  });

  it.each([
    ['row', { ...place, id: 'key_2' }],
    ['organization', { ...place, organizationId: 'org_2' }],
    ['provider', { ...place, provider: 'google' }],
    // Joined without care these would be written alike.
    ['place that reads alike', { id: 'key_1', organizationId: 'org_1openai', provider: '' }],
    ['place with quotes', { id: 'key_1', organizationId: 'org_1","openai', provider: '' }],
  ])('does not open in another %s', (_, elsewhere) => {
    expect(() => vault.open({ ...elsewhere, ...sealed })).toThrow(InvalidProviderKeyError);
  });

  it('opens with none of its bits flipped', () => {
    for (let bit = 0; bit < sealed.sealed.length * 8; bit += 1) {
      const flipped = Uint8Array.from(sealed.sealed, (byte, index) =>
        index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
      );
      expect(() => vault.open({ ...place, ...sealed, sealed: flipped })).toThrow(InvalidProviderKeyError);
    }
  });

  it('opens at none of the lengths it could be cut to, or grown to', () => {
    const grown = Uint8Array.from([...sealed.sealed, 0]);
    const cut = Array.from(sealed.sealed, (_, length) => sealed.sealed.slice(0, length));

    for (const other of [...cut, ...cut.map((_, from) => sealed.sealed.slice(from + 1)), grown]) {
      expect(() => vault.open({ ...place, ...sealed, sealed: other })).toThrow(InvalidProviderKeyError);
    }
  });

  it('says which row does not open, and nothing of what it holds', () => {
    const message = 'The provider key "key_2" does not open: what is stored is not its own';

    expect(() => vault.open({ ...place, id: 'key_2', ...sealed })).toThrow(message);
  });

  it('seals with the first master key and opens with all', () => {
    const both = createVault(parseMasterKeys(`${newKey},${oldKey}`));
    const resealed = both.seal(place, secret);

    expect(both.open({ ...place, ...sealed })).toBe(secret);
    expect([sealed.masterKeyId, resealed.masterKeyId, both.masterKeyId]).toEqual(['old', 'new', 'new']);
    const unknown = new InvalidProviderKeyError('The provider key "key_1" was sealed by an unknown master key');
    expect(() => vault.open({ ...place, ...resealed })).toThrow(unknown);
    expect(() => vault.open({ ...place, ...resealed })).toThrow(InvalidProviderKeyError);
    expect(() => both.open({ ...place, ...resealed, masterKeyId: 'old' })).toThrow(InvalidProviderKeyError);
  });
});
