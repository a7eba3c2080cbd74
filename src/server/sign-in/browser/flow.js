import * as oauth from 'oauth4webapi';
import { readTokens } from './tokens.js';

/** @import { Settings } from './settings.js' */
/** @import { Tokens } from './tokens.js' */

/**
 * Shows the issuer's page at a URL to the user, and resolves to the parameters that it redirects back with.
 *
 * @typedef {(url: URL, state: string) => Promise<URLSearchParams>} Visit
 */

/**
 * The authorization code flow with PKCE at one issuer, as a public client. The verifier, `state` and `nonce` of an attempt stay
 * in memory. All methods throw what `explain` of `words.js` explains.
 *
 * @param {Settings} settings
 * @param {string} redirectUri
 */
export function createFlow({ provider, clientId, scopes, token, parameters }, redirectUri) {
  const client = { client_id: clientId };
  const http = {
    // An issuer without TLS is one that the operator has named so.
    [oauth.allowInsecureRequests]: provider.issuer.startsWith('http:'),
  };
  // RFC 8707: the one parameter that the token endpoint wants as well.
  const { resource } = parameters;
  const options = { ...http, ...(resource ? { additionalParameters: { resource } } : {}) };

  return {
    /**
     * @param {Visit} visit
     * @param {{ prompt?: 'none', former?: Tokens }} [how]
     * @returns {Promise<Tokens>}
     */
    async authorize(visit, { prompt, former } = {}) {
      const verifier = oauth.generateRandomCodeVerifier();
      const state = oauth.generateRandomState();
      const nonce = oauth.generateRandomNonce();
      const url = new URL(provider.authorization_endpoint);
      const asked = {
        ...parameters,
        ...(prompt ? { prompt } : {}),
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: scopes,
        state,
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      };
      for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);

      const answer = oauth.validateAuthResponse(provider, client, await visit(url, state), state);
      const response = await oauth.authorizationCodeGrantRequest(
        provider,
        client,
        oauth.None(),
        answer,
        redirectUri,
        verifier,
        options,
      );
      const expected = { expectedNonce: nonce, requireIdToken: true };
      return readTokens(
        await oauth.processAuthorizationCodeResponse(provider, client, response, expected),
        token,
        former,
      );
    },

    /**
     * @param {Tokens & { refreshToken: string }} former
     * @returns {Promise<Tokens>}
     */
    async refresh(former) {
      const { refreshToken } = former;
      const response = await oauth.refreshTokenGrantRequest(provider, client, oauth.None(), refreshToken, options);
      return readTokens(await oauth.processRefreshTokenResponse(provider, client, response), token, former);
    },

    /**
     * Makes a refresh token useless, where the issuer can do that.
     *
     * @param {string} refreshToken
     */
    async revoke(refreshToken) {
      if (provider.revocation_endpoint === undefined) return;
      await oauth.revocationRequest(provider, client, oauth.None(), refreshToken, http);
    },
  };
}
