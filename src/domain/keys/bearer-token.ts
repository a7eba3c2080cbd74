import { hash, randomBytes } from 'node:crypto';

/** A new token, and what is stored of it. */
export interface NewToken {
  token: string;
  hash: Uint8Array<ArrayBuffer>;
  last4: string;
}

/** Tokens of one kind: a prefix and 256 random bits, which need no salt and no slow hash. */
export function bearerTokens(prefix: string) {
  const has = (token: string) => token.startsWith(prefix);
  const isComplete = (token: string) => has(token) && /^[\w-]{43}$/.test(token.slice(prefix.length));
  return {
    create: (): NewToken => {
      const token = prefix + randomBytes(32).toString('base64url');
      return { token, hash: hashOf(token), last4: token.slice(-4) };
    },
    /** Whether a bearer token has the prefix. */
    has,
    /** The hash that the database stores of a token; null where the token is malformed. */
    hashOf: (token: string): Uint8Array<ArrayBuffer> | null => (isComplete(token) ? hashOf(token) : null),
  };
}

function hashOf(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hash('sha256', token, 'buffer'));
}
