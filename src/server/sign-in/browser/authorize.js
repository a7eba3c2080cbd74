// For pages that are not ours to write, such as GraphiQL: whoever the page asks as is added to its requests.

const { fetch } = globalThis;

/**
 * From now on the page's requests to the service pass through `authorize`, which sets their credentials, unless they have some
 * of their own. Others, as those to the issuer, do not: it may be at this very origin. What `authorize` throws is for the user.
 *
 * An introspection that is refused for want of a sign-in waits for one: else GraphiQL would begin with an error, and keep it.
 *
 * @param {(request: Request) => Promise<void>} authorize
 * @param {{ renew?: () => boolean, refused?: () => void }} [options] `renew` forgets credentials that the service has refused, and
 *   says whether there may be better ones; `refused` is called where there are not
 */
export function sendCredentials(authorize, { renew = () => false, refused = () => {} } = {}) {
  /** @type {(() => void)[]} */
  let waiting = [];

  /** @type {typeof fetch} */
  globalThis.fetch = async (input, init) => {
    const { origin, pathname } = new URL(input instanceof Request ? input.url : input, location.href);
    const isOurs = origin === location.origin && (pathname === '/graphql' || pathname.startsWith('/v1/'));
    if (!isOurs) return fetch(input, init);

    const request = new Request(input, init);
    if (hasCredentials(request)) return fetch(request);
    const send = async () => {
      const attempt = request.clone();
      const problem = await problemOf(() => authorize(attempt));
      return { response: problem ?? (await fetch(attempt)), isAnonymous: !hasCredentials(attempt) };
    };
    let { response, isAnonymous } = await send();
    while (isAnonymous && isIntrospection(init) && (await wantsSignIn(response))) {
      await new Promise((resolve) => waiting.push(() => resolve(undefined)));
      ({ response, isAnonymous } = await send());
    }
    if (isAnonymous || response.status !== 401) return response;
    if (renew()) return (await send()).response;
    refused();
    return response;
  };

  return {
    /** To be called when somebody else is signed in: what the graph is made of may depend on who asks. */
    reloadSchema() {
      const released = waiting;
      waiting = [];
      for (const release of released) release();
      if (released.length > 0) return;
      const button = document.querySelector('button[aria-label^="Re-fetch GraphQL schema"]');
      if (button instanceof HTMLElement) button.click();
    },
  };
}

/**
 * Why the service does not accept a token; undefined where it does.
 *
 * @param {string} bearer
 * @returns {Promise<string | undefined>}
 */
export async function refusalOf(bearer) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  });
  return (await authenticationError(response))?.message;
}

/**
 * What goes wrong, shown like an answer of the service.
 *
 * @param {() => Promise<void>} act
 */
async function problemOf(act) {
  try {
    await act();
    return undefined;
  } catch (error) {
    return Response.json({ errors: [{ message: error instanceof Error ? error.message : error }] }, { status: 401 });
  }
}

/** @param {Request} request */
function hasCredentials({ headers }) {
  return headers.has('authorization') || headers.has('x-api-key');
}

/** @param {RequestInit | undefined} init */
function isIntrospection(init) {
  return typeof init?.body === 'string' && /"operationName":"IntrospectionQuery"/.test(init.body);
}

/** @param {Response} response */
async function wantsSignIn(response) {
  return (await authenticationError(response.clone()).catch(() => undefined)) !== undefined;
}

/**
 * @param {Response} response
 * @returns {Promise<{ message: string } | undefined>}
 */
async function authenticationError(response) {
  const { errors = [] } = await response.json();
  return errors.find(
    (/** @type {{ extensions?: { code?: string } }} */ { extensions }) =>
      extensions?.code === 'AUTHENTICATION_REQUIRED',
  );
}
