import type { CacheUse } from '../cache/cache-use.ts';
import { RoughLRU } from '../cache/rough-lru.ts';
import type { Claims } from './claims.ts';
import { type TrustedIssuer, verifyToken } from './token.ts';

/** A cache of verified tokens. */
export interface VerifiedTokens {
  /** The cached claims of a token that is still valid. */
  find: (token: string) => Claims | undefined;
  /** As `verifyToken`, and caches the claims. */
  verify: (token: string) => Promise<Claims | null>;
  use: () => CacheUse;
}

/** How long, in ms, claims are cached at most: a token must be refused soon after its issuer has withdrawn the key. */
const longestMs = 60_000;

/** Caches at most `maxEntries` tokens; 0 turns the cache off. */
export function createVerifiedTokens(issuers: readonly TrustedIssuer[], maxEntries: number): VerifiedTokens {
  const verified = new RoughLRU<string, { claims: Claims; until: number }>({ max: Math.max(maxEntries, 1) });
  return {
    find: (token) => {
      const known = verified.get(token);
      return known && Date.now() < known.until ? known.claims : undefined;
    },
    verify: async (token) => {
      const now = Date.now();
      const claims = await verifyToken(issuers, token);
      if (claims && maxEntries > 0) {
        verified.set(token, { claims, until: Math.min(now + longestMs, claims.validUntil) });
      }
      return claims;
    },
    use: () => verified,
  };
}
