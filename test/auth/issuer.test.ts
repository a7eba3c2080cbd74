import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeProtectedHeader, SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { openLocalIssuer } from '../../src/auth/issuer.ts';
import { verifyToken } from '../../src/auth/token.ts';
import { ownFolder } from '../commands/process.ts';

it('signs by ES256, which gateways can verify, and publishes what they need to', async () => {
  const { jwks, mint } = await openLocalIssuer(await ownFolder());

  const { alg, kid } = decodeProtectedHeader(await mint('usr_a', '1h'));

  expect(alg).toBe('ES256');
  expect(jwks.keys).toEqual([
    { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String), kid, alg: 'ES256', use: 'sig' },
  ]);
});

it('accepts the tokens that an earlier version signed by EdDSA, and signs none of them', async () => {
  const folder = await ownFolder();
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  await writeFile(join(folder, 'issuer.json'), JSON.stringify({ ...jwk, kid: 'earlier', alg: 'EdDSA', use: 'sig' }));
  const earlier = await new SignJWT({})
    .setProtectedHeader({ alg: 'EdDSA', kid: 'earlier' })
    .setIssuer('modelgate-embedded')
    .setSubject('usr_a')
    .setExpirationTime('1h')
    .sign(createPrivateKey({ key: jwk, format: 'jwk' }));

  const issuer = await openLocalIssuer(folder);

  expect((await verifyToken([issuer], earlier))?.userId).toBe('usr_a');
  expect(decodeProtectedHeader(await issuer.mint('usr_a', '1h')).alg).toBe('ES256');
  expect(issuer.jwks.keys.map(({ alg, d }) => [alg, d])).toEqual([
    ['ES256', undefined],
    ['EdDSA', undefined],
  ]);
});
