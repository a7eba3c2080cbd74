import * as oauth from 'oauth4webapi';

/** A new token is fetched so many ms before the old one expires, or after three quarters of its life. */
const marginMs = 30_000;

/**
 * The tokens of one user. `bearer` is the one that the service is sent; from `renewAt` (ms since the epoch) on it has to be
 * replaced.
 *
 * @typedef {object} Tokens
 * @property {string} bearer
 * @property {number} renewAt
 * @property {string | undefined} refreshToken
 * @property {string} subject
 * @property {string} name
 */

/**
 * Reads a validated token response. What a refresh leaves out stays as it was in `former`.
 *
 * @param {oauth.TokenEndpointResponse} response
 * @param {'access' | 'id'} kind
 * @param {Tokens} [former]
 * @returns {Tokens}
 * @throws {Error} whose message is for the user
 */
export function readTokens(response, kind, former) {
  const claims = oauth.getValidatedIdTokenClaims(response);
  const subject = claims?.sub ?? former?.subject ?? '';
  if (former && subject !== former.subject) throw new Error('At the issuer somebody else is signed in now.');
  const bearer = kind === 'id' ? response.id_token : response.access_token;
  if (bearer === undefined) throw new Error('The issuer gave no new ID token.');
  const lifeMs = 1000 * (kind === 'id' ? lifeOf(claims) : (response.expires_in ?? Number.POSITIVE_INFINITY));
  return {
    bearer,
    renewAt: Date.now() + lifeMs - Math.min(marginMs, lifeMs / 4),
    refreshToken: response.refresh_token ?? former?.refreshToken,
    subject,
    name: claims ? nameIn(claims) : (former?.name ?? subject),
  };
}

/**
 * In s, by the issuer's own clock: that of this machine may be wrong.
 *
 * @param {oauth.IDToken | undefined} claims
 */
function lifeOf(claims) {
  return claims ? claims.exp - claims.iat : 0;
}

/** @param {oauth.IDToken} claims */
function nameIn(claims) {
  const names = [claims.name, claims.preferred_username, claims.email, claims.sub];
  return String(names.find((name) => typeof name === 'string' && name !== ''));
}
