import { mountBar } from './bar.js';
import { createSession } from './session.js';
import { loadSettings } from './settings.js';

// For a page that is not ours to write, such as GraphiQL: puts the bar on top, and sends the token with the page's requests.

const { fetch } = globalThis;

const layout = new CSSStyleSheet();
// GraphiQL fills the window by itself; now it has what the bar leaves.
layout.replaceSync(`
  body { margin: 0; }
  body:has(> #root) { display: flex; flex-direction: column; height: 100dvh; }
  body > #root { flex: 1; height: auto; min-height: 0; }
  body > #root .graphiql-container { height: 100%; }
`);
document.adoptedStyleSheets.push(layout);

try {
  const session = createSession(await loadSettings(), { refusalOf });
  sendTokenOf(session);
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

/**
 * Requests to the service carry the token, unless they have credentials of their own. Others, as those to the issuer, do not: it
 * may be at this very origin.
 *
 * @param {import('./session.js').Session} session
 */
function sendTokenOf(session) {
  globalThis.fetch = async (input, init) => {
    const { origin, pathname } = new URL(input instanceof Request ? input.url : input, location.href);
    const isOurs = origin === location.origin && (pathname === '/graphql' || pathname.startsWith('/v1/'));
    if (!isOurs) return fetch(input, init);

    const request = new Request(input, init);
    if (request.headers.has('authorization') || request.headers.has('x-api-key')) return fetch(request);
    try {
      const token = await session.token();
      if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
    } catch (error) {
      // Shown like an answer of the service.
      return Response.json({ errors: [{ message: error instanceof Error ? error.message : error }] }, { status: 401 });
    }
    return fetch(request);
  };
}

/**
 * Why the service does not accept a token; undefined where it does.
 *
 * @param {string} bearer
 */
async function refusalOf(bearer) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  });
  const { errors = [] } = await response.json();
  const refusal = errors.find(
    (/** @type {{ extensions?: { code?: string } }} */ { extensions }) =>
      extensions?.code === 'AUTHENTICATION_REQUIRED',
  );
  if (!refusal) return undefined;
  const isJwt = bearer.split('.').length === 3;
  return `${refusal.message} (${isJwt ? 'its log says why' : 'it is no JWT: AUTH_TOKEN_KIND or AUTH_PARAMETERS have to be set'})`;
}

/** GraphiQL, whose button this is, asks what the graph is made of; that may depend on who asks. */
function reloadSchema() {
  const button = document.querySelector('button[aria-label^="Re-fetch GraphQL schema"]');
  if (button instanceof HTMLElement) button.click();
}
