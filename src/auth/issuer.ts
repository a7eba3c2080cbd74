import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  SignJWT,
} from 'jose';
import { writePrivateFile } from '../database/private-file.ts';
import type { TrustedIssuer } from './token.ts';

/** The issuer of the embedded mode: it signs tokens for the users of the demo data. */
export interface LocalIssuer extends TrustedIssuer {
  /** The public key, as a JWKS document. */
  jwks: JSONWebKeySet;
  /** A token for this user; `expiresIn` as jose takes it: `12h`, `30 days`. */
  mint: (userId: string, expiresIn: string) => Promise<string>;
}

const issuer = 'modelgate-embedded';
const alg = 'EdDSA';

/** Opens the issuer whose private key is in this folder, readable by its owner alone; creates the key where it is missing. */
export async function openLocalIssuer(directory: string): Promise<LocalIssuer> {
  const file = join(directory, 'issuer.json');
  const privateJwk = await readKey(file).catch(() => createKey(directory, file));
  const { d: _, ...publicJwk } = privateJwk;
  const jwks = { keys: [publicJwk] };
  const key = await importJWK(privateJwk, alg);

  return {
    issuer,
    jwks,
    keys: createLocalJWKSet(jwks),
    keepsIds: true,
    mint: (userId, expiresIn) =>
      new SignJWT({})
        .setProtectedHeader({ alg, ...(privateJwk.kid === undefined ? {} : { kid: privateJwk.kid }) })
        .setIssuer(issuer)
        .setSubject(userId)
        .setIssuedAt()
        .setExpirationTime(expiresIn)
        .sign(key),
  };
}

async function readKey(file: string): Promise<JWK> {
  return JSON.parse(await readFile(file, 'utf8'));
}

async function createKey(directory: string, file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const withId = { ...jwk, kid: await calculateJwkThumbprint(jwk), alg, use: 'sig' };
  await mkdir(directory, { recursive: true });
  // Where another process has just written its key, that key is read and used.
  await writePrivateFile(file, JSON.stringify(withId), { ifAbsent: true });
  return readKey(file);
}
