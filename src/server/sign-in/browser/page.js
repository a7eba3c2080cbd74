import { refusalOf, sendCredentials } from './authorize.js';
import { mountBar } from './bar.js';
import { createSession } from './session.js';
import { loadSettings } from './settings.js';

// The page's user signs in at the issuer: puts the bar on top, and sends the token with the page's requests.

const opening = loadSettings().then((settings) => createSession(settings, { refusalOf: explainRefusal }));
const { reloadSchema } = sendCredentials(async (request) => {
  const session = await opening.catch(() => undefined);
  const token = await session?.token();
  if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
});

try {
  const session = await opening;
  mountBar(session);
  let former = 'signed-out';
  session.subscribe(({ status }) => {
    if (status === former || (status !== 'signed-in' && status !== 'signed-out')) return;
    former = status;
    reloadSchema();
  });
} catch (error) {
  mountBar({ problem: error instanceof Error ? error.message : String(error) });
}

/** @param {string} bearer */
async function explainRefusal(bearer) {
  const refusal = await refusalOf(bearer);
  if (refusal === undefined) return undefined;
  const isJwt = bearer.split('.').length === 3;
  return `${refusal} (${isJwt ? 'its log says why' : 'it is no JWT: AUTH_TOKEN_KIND or AUTH_PARAMETERS have to be set'})`;
}
