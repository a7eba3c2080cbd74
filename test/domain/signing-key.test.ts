import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from 'vitest';
import { parseSigningKey, parseVerificationKeys } from '../../src/domain/checkpoints/signing-key.ts';

const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed25519 = generateKeyPairSync('ed25519');

describe('a signing key', () => {
  it.each([
    ['ES256', p256],
    ['EdDSA', ed25519],
  ] as const)('is %s, and is read in each form as the same key', async (alg, { privateKey, publicKey }) => {
    const jwk = privateKey.export({ format: 'jwk' });
    const kid = await calculateJwkThumbprint(publicKey.export({ format: 'jwk' }));
    const texts = [
      String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
      privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
      JSON.stringify(jwk),
    ];

    for (const text of texts) expect(parseSigningKey(text).publicKey).toMatchObject({ kid, alg });
    expect(parseSigningKey(JSON.stringify({ ...jwk, kid: 'mine' })).publicKey.kid).toBe('mine');
    const jwks = JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] });
    const pem = String(publicKey.export({ format: 'pem', type: 'spki' }));
    for (const text of [jwks, pem]) expect(parseVerificationKeys(text)).toMatchObject([{ kid, alg }]);
  });

  it.each([
    ['nothing', 'secret'],
    ['a public key', String(p256.publicKey.export({ format: 'pem', type: 'spki' }))],
    ['a public JWK', JSON.stringify(p256.publicKey.export({ format: 'jwk' }))],
    [
      'a key of another kind',
      String(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'pem', type: 'pkcs8' })),
    ],
    [
      'a key of another curve',
      String(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ format: 'pem', type: 'pkcs8' })),
    ],
    ['JSON of something', '{"keys": 1}'],
    ['a JSON list', '[]'],
  ])('is refused where the text is of %s, which is not quoted', (_what, text) => {
    expect(() => parseSigningKey(text)).toThrow(/^must be .*of the curve P-256 \(ES256\) or Ed25519 \(EdDSA\)/);
    expect(() => parseSigningKey(text)).not.toThrow(text);
  });

  it.each(['', '{"keys": []}', '{}', '{"keys": [1]}', 'x'])('has no public key where the text is %j', (text) => {
    expect(() => parseVerificationKeys(text)).toThrow(/^must /);
  });
});
