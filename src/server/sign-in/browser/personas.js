import { sendCredentials } from './authorize.js';

// In the demo world a request names its persona by a header of that name, `{ "persona": "admin" }`, and is sent with a token of
// theirs. So what a page keeps holds for ever, and is no secret; tokens are in memory alone.

/** @type {Promise<Record<string, string>> | undefined} */
let opening;

sendCredentials(
  async (request) => {
    const persona = request.headers.get('persona');
    if (persona === null) return;
    request.headers.delete('persona');
    opening ??= loadTokens();
    const tokens = await opening;
    const token = Object.hasOwn(tokens, persona) ? tokens[persona] : undefined;
    if (token === undefined) {
      throw new Error(`The demo world has no persona "${persona}", but ${Object.keys(tokens).join(', ')}.`);
    }
    request.headers.set('authorization', `Bearer ${token}`);
  },
  {
    // They have expired, or the service has another key since.
    renew: () => {
      opening = undefined;
      return true;
    },
  },
);

/** @returns {Promise<Record<string, string>>} */
async function loadTokens() {
  const response = await fetch('/sign-in/personas.json');
  if (!response.ok) throw new Error('The service gives no tokens of the demo world to this page. Load it again.');
  return response.json();
}
