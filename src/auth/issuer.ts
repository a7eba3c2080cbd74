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
import { unlessAbsent, writePrivateFile } from '../database/private-file.ts';
import type { TrustedIssuer } from './token.ts';

/** The issuer of the embedded mode: it signs tokens for the users of the demo data. */
export interface LocalIssuer extends TrustedIssuer {
  /** The public key, as a JWKS document. */
  jwks: JSONWebKeySet;
  /** A token for this user; `expiresIn` as jose takes it: `12h`, `30 days`. */
  mint: (userId: string, expiresIn: string) => Promise<string>;
}

const issuer = 'modelgate-embedded';

/** Short tokens, that gateways can verify; few of them know EdDSA. */
const alg = 'ES256';
const keyFile = 'issuer-es256.json';

/** Earlier versions signed with an EdDSA key. Where it is still there, its tokens are accepted until they expire. */
const earlierKeyFile = 'issuer.json';

/**
 * Opens the issuer whose private key is in this folder, readable by its owner alone; creates the key where it is missing.
 *
 * @throws SyntaxError where a key file is no JSON
 */
export async function openLocalIssuer(directory: string): Promise<LocalIssuer> {
  const file = join(directory, keyFile);
  const privateJwk = (await readKey(file)) ?? (await createKey(directory, file));
  const earlier = await readKey(join(directory, earlierKeyFile));
  const jwks = { keys: [privateJwk, ...(earlier ? [earlier] : [])].map(({ d: _, ...publicJwk }) => publicJwk) };
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

/** The private key of the issuer in this folder; undefined where there is none. It signs the checkpoints of the ledger too. */
export function readIssuerKey(directory: string): Promise<JWK | undefined> {
  return readKey(join(directory, keyFile));
}

async function readKey(file: string): Promise<JWK | undefined> {
  const text = await readFile(file, 'utf8').catch(unlessAbsent);
  return text === undefined ? undefined : JSON.parse(text);
}

async function createKey(directory: string, file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const withId = { ...jwk, kid: await calculateJwkThumbprint(jwk), alg, use: 'sig' };
  await mkdir(directory, { recursive: true });
  // Where another process has just written its key, that key is read and used.
  const isOurs = await writePrivateFile(file, JSON.stringify(withId), { ifAbsent: true });
  return (isOurs ? undefined : await readKey(file)) ?? withId;
}
