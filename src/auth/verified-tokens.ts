import { RoughLRU } from '../cache/rough-lru.ts';
import { type Claims, type TrustedIssuer, verifyToken } from './token.ts';

/** Tokens whose signatures were verified here. */
export interface VerifiedTokens {
  /** What a token says that was verified a moment ago, and still holds. */
  find: (token: string) => Claims | undefined;
  /** As `verifyToken`. */
  verify: (token: string) => Promise<Claims | null>;
}

/** How long, in ms, a token is not verified again: a key that its issuer has withdrawn must not be believed for ever. */
const longestMs = 60_000;

/** `maxEntries` tokens are remembered at most. */
export function createVerifiedTokens(issuer: TrustedIssuer, maxEntries: number): VerifiedTokens {
  const verified = new RoughLRU<string, { claims: Claims; until: number }>({ max: Math.max(maxEntries, 1) });
  return {
    find: (token) => {
      const known = verified.get(token);
      return known && Date.now() < known.until ? known.claims : undefined;
    },
    verify: async (token) => {
      const now = Date.now();
      const claims = await verifyToken(issuer, token);
      if (claims && maxEntries > 0) {
        verified.set(token, { claims, until: Math.min(now + longestMs, claims.validUntil) });
      }
      return claims;
    },
  };
}
