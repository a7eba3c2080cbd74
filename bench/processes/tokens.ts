import { createPrivateKey, type JsonWebKey, sign } from 'node:crypto';
import { callerOf, organizationsPerUser } from './population.ts';
import type { Subject, Way } from './question.ts';

/** What the issuer of the bench signs with: a key for EdDSA. */
export interface SigningKey {
  issuer: string;
  kid: string;
  jwk: JsonWebKey;
}

/** How callers say who they are. */
export interface Tokens {
  /** The owners of each thousand organizations, in their order, or of all of them, who take turns; */
  of: 'a thousand each' | 'all';
  /** and a token of each. */
  texts: readonly string[];
  /** Signs new ones. */
  key: SigningKey;
}

const validSeconds = 24 * 3600;

/** Signs a token for a user; no two with different `id`s are the same. At once: under load there is one for each request. */
export function createSigner({ issuer, kid, jwk }: SigningKey): (userId: string, id: string) => string {
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  const header = base64Url({ alg: 'EdDSA', kid });
  return (userId, id) => {
    const iat = Math.floor(Date.now() / 1000);
    const content = `${header}.${base64Url({ jti: id, iss: issuer, sub: userId, iat, exp: iat + validSeconds })}`;
    return `${content}.${sign(null, Buffer.from(content), key).toString('base64url')}`;
  };
}

/** The token that a request is sent with: the owner's, who is known, or one that nobody has seen, of somebody else. */
export function createTokens({ of, texts, key }: Tokens): (subject: Subject, way: Way) => string | undefined {
  const signToken = createSigner(key);
  return ({ organization, word }, way) => {
    if (way === 'first') return signToken(callerOf(organization), word);
    return texts[of === 'all' ? organization % texts.length : Math.floor(organization / organizationsPerUser)];
  };
}

function base64Url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
