import { element, mountFrame } from './frame.js';
import { hostOf } from './words.js';

/** @import { Session, State } from './session.js' */

/**
 * Shows at the top of the page who is signed in, with the buttons that change it.
 *
 * @param {Session | { problem: string }} session a problem where there can be no sign-in
 */
export function mountBar(session) {
  const { root, text, actions } = mountFrame('Sign-in');
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
