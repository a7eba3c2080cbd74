import { hostOf } from './words.js';

/** @import { Session, State } from './session.js' */

const styles = `
  :host { all: initial; display: block; flex: none; position: sticky; top: 0; z-index: 9; }
  section {
    display: flex; flex-wrap: wrap; align-items: center; gap: 6px 12px; box-sizing: border-box; min-height: 44px; padding: 6px 16px;
    background: #1b2733; color: #fff; font: 14px/1.4 system-ui, sans-serif;
  }
  p { margin: 0; flex: 1 1 12em; min-width: 0; overflow-wrap: anywhere; }
  small { display: block; color: #c3ced9; font-size: 12px; }
  small:empty { display: none; }
  .problem { color: #ffc9a8; }
  div { display: flex; flex-wrap: wrap; gap: 8px; }
  button, a {
    box-sizing: border-box; min-height: 32px; padding: 5px 14px; border: 1px solid #8fa3b5; border-radius: 4px; background: none;
    color: inherit; font: inherit; text-decoration: none; cursor: pointer;
  }
  button.first { border-color: #fff; background: #fff; color: #1b2733; }
  button:hover, a:hover { border-color: #fff; background: #33475a; }
  button.first:hover { background: #dfe6ec; }
  button:focus-visible, a:focus-visible { outline: 3px solid #7cc0ff; outline-offset: 2px; }
`;

/**
 * Shows at the top of the page who is signed in, with the buttons that change it. Styled by itself: pages of other libraries,
 * and their content security policies, leave it as it is.
 *
 * @param {Session | { problem: string }} session a problem where there can be no sign-in
 */
export function mountBar(session) {
  const host = document.createElement('div');
  host.id = 'sign-in';
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];

  const bar = element('section', { ariaLabel: 'Sign-in' });
  const text = element('p', { role: 'status' });
  const actions = element('div');
  bar.append(text, actions);
  root.append(bar);
  document.body.prepend(host);

  if ('problem' in session) {
    text.append('You cannot sign in now.', element('small', { textContent: session.problem, className: 'problem' }));
    return;
  }
  session.subscribe((state) => {
    const hadFocus = root.activeElement !== null;
    const { says, hint = '', problem = '', offers } = viewOf(state, session);
    text.replaceChildren(
      says,
      element('small', { textContent: problem, className: 'problem' }),
      element('small', { textContent: hint }),
    );
    actions.replaceChildren(...offers);
    // The button that was pressed is gone; a keyboard goes on from its place.
    if (hadFocus) offers[0]?.focus();
  });
}

/**
 * @param {State} state
 * @param {Session} session
 * @returns {{ says: string, hint?: string, problem?: string, offers: HTMLElement[] }}
 */
function viewOf(state, { settings, redirectUri, signIn, signOut, cancel }) {
  const { provider, clientId } = settings;
  const host = hostOf(provider.issuer);
  const button = (/** @type {string} */ label, /** @type {() => unknown} */ act, className = '') => {
    const made = element('button', { type: 'button', textContent: label, className });
    made.addEventListener('click', () => void act());
    return made;
  };
  switch (state.status) {
    case 'waiting':
      return {
        says: `Go on in the window of ${host}.`,
        hint: `If it refuses the address: ${redirectUri} has to be a redirect URI of the client ${clientId} there.`,
        offers: [button('Open it again', signIn), button('Cancel', cancel)],
      };
    case 'signed-in':
      return { says: `Signed in as ${state.name}`, offers: [button('Sign out', signOut)] };
    case 'ended':
      return {
        says: 'Your sign-in has ended. Nothing that you typed is lost.',
        ...(state.problem === undefined ? {} : { problem: state.problem }),
        offers: [button('Sign in again', signIn, 'first'), button('Sign out', signOut)],
      };
    case 'signed-out':
      return {
        says: state.wasSignedIn ? `You have signed out here. ${host} may still know you.` : 'You are not signed in.',
        ...(state.problem === undefined ? {} : { problem: state.problem }),
        offers: [button('Sign in', signIn, 'first'), ...(state.wasSignedIn ? signOutThere(provider, clientId) : [])],
      };
  }
}

/**
 * Without `id_token_hint`, since tokens do not belong in addresses: the issuer may ask whether the user means it.
 *
 * @param {Session['settings']['provider']} provider
 * @param {string} clientId
 */
function signOutThere({ issuer, end_session_endpoint: endpoint }, clientId) {
  if (endpoint === undefined) return [];
  const url = new URL(endpoint);
  url.searchParams.set('client_id', clientId);
  const label = `Sign out at ${hostOf(issuer)}`;
  return [element('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer', textContent: label })];
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Partial<HTMLElementTagNameMap[Name]>} [properties]
 */
function element(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}
