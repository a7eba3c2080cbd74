import { createHash, randomBytes } from 'node:crypto';

const prefix = 'mgk_';

/** A new token, and what is stored of it. 256 random bits need no salt and no slow hash. */
export function newApiKeyToken(): { token: string; hash: Uint8Array<ArrayBuffer>; last4: string } {
  const token = prefix + randomBytes(32).toString('base64url');
  return { token, hash: hashOf(token), last4: token.slice(-4) };
}

/** Whether a bearer token has the prefix of API keys. */
export function isApiKeyToken(token: string): boolean {
  return token.startsWith(prefix);
}

/** The hash that the database stores of a token; null where the token is malformed. */
export function hashOfApiKeyToken(token: string): Uint8Array<ArrayBuffer> | null {
  return /^mgk_[\w-]{43}$/.test(token) ? hashOf(token) : null;
}

function hashOf(token: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha256').update(token).digest());
}
