import { base64url, createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { TrustedIssuer } from '../../src/auth/token.ts';

const issuer = 'https://issuer.test';
const alg = 'ES256';
const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });

/** The public key, for those who try to use it as a secret. */
export const publicJwk = { ...(await exportJWK(publicKey)), alg, kid: 'test' };

/** Whom the service under test trusts. */
export const trustedIssuer: TrustedIssuer = { issuer, keys: createLocalJWKSet({ keys: [publicJwk] }), keepsIds: true };

/** A token that holds, unless these claims or header fields make it one that does not. */
export function mint(claims: JWTPayload, header: { kid?: string } = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: issuer, iat: now, exp: now + 300, ...claims })
    .setProtectedHeader({ alg, kid: 'test', ...header })
    .sign(privateKey);
}

const tokenLifeMs = 120_000;
const tokens = new Map<string, { token: Promise<string>; mintedAt: number }>();

/**
 * The token of a person, the same for a while, as browsers and applications send it: only a token that was seen before
 * finds its session, and with that the answers that are kept.
 */
export function tokenOf({ id }: { id: string }): Promise<string> {
  const now = Date.now();
  const known = tokens.get(id);
  if (known && Math.abs(now - known.mintedAt) < tokenLifeMs) return known.token;
  const token = mint({ sub: id });
  tokens.set(id, { token, mintedAt: now });
  return token;
}

/** A token of exactly this header and payload, well-formed or not, with a good signature. */
export async function signText(header: string, payload: string): Promise<string> {
  const signed = `${base64url.encode(header)}.${base64url.encode(payload)}`;
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await crypto.subtle.sign(algorithm, privateKey, new TextEncoder().encode(signed));
  return `${signed}.${base64url.encode(new Uint8Array(signature))}`;
}
