/**
 * What `/sign-in/settings.json` tells a page. `provider` is metadata of OpenID Connect Discovery; with `token: 'id'` the service
 * is sent the ID token.
 *
 * @typedef {object} Settings
 * @property {import('oauth4webapi').AuthorizationServer & { authorization_endpoint: string }} provider
 * @property {string} clientId
 * @property {string} scopes
 * @property {'access' | 'id'} token
 * @property {Record<string, string>} parameters
 */

/**
 * The settings of the service that this page is from.
 *
 * @returns {Promise<Settings>}
 * @throws {Error} whose message is for the user
 */
export async function loadSettings() {
  const response = await fetch('/sign-in/settings.json');
  const body = await response.json();
  if (!response.ok) throw new Error(body.problem);
  return body;
}
