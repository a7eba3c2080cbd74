import * as oauth from 'oauth4webapi';

/**
 * Errors of OAuth 2.0 and OpenID Connect that a user or an operator can do something about.
 *
 * @type {Record<string, string>}
 */
const meanings = {
  access_denied: 'Access was denied: you declined, or the issuer does not let you use this application.',
  login_required: 'You are no longer signed in at the issuer.',
  interaction_required: 'The issuer has a question to you.',
  consent_required: 'The issuer wants your consent again.',
  account_selection_required: 'The issuer wants to know which account you use.',
  invalid_scope: 'The issuer does not know the scopes that AUTH_SCOPES asks for.',
  invalid_target: 'The issuer does not know the resource of AUTH_PARAMETERS.',
  invalid_client: 'The issuer does not accept AUTH_CLIENT_ID without a secret: it must be a public client.',
  unauthorized_client: 'The issuer does not let the client AUTH_CLIENT_ID sign users in like this.',
  invalid_grant: 'The issuer does not accept the sign-in any more.',
  temporarily_unavailable: 'The issuer cannot sign you in at the moment.',
  server_error: 'The issuer has failed.',
};

const longest = 300;

/**
 * What went wrong, in sentences for the user. What an issuer says is text, never HTML.
 *
 * @param {unknown} error
 * @param {string} issuer
 */
export function explain(error, issuer) {
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
    const { error: code, error_description: description } = error;
    const said = description === undefined ? code : `${code}: ${description}`;
    return [meanings[code] ?? 'The issuer refused.', `(${said.slice(0, longest)})`].join(' ');
  }
  if (isUnreachable(error))
    return `${hostOf(issuer)} cannot be reached from this page. If it is up, it must allow requests (CORS) from ${location.origin}.`;
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'The issuer did not answer without you.';
  if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError)
    return `The issuer's answer cannot be used: ${error.message.slice(0, longest)}.`;
  return error instanceof Error ? error.message : String(error);
}

/**
 * Whether a request got no answer, so that a later one may.
 *
 * @param {unknown} error
 */
export function isUnreachable(error) {
  // What fetch throws; the library throws TypeErrors with a code for wrong arguments.
  return error instanceof TypeError && !('code' in error);
}

/** @param {string} url */
export const hostOf = (url) => new URL(url).host;
