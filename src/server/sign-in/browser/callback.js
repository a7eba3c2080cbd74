import { channelOf } from './visit.js';

// The page at `/sign-in`, to which the issuer redirects: it hands the answer to the page that asked, and closes.

const sheet = new CSSStyleSheet();
sheet.replaceSync('main { max-width: 34em; margin: 2em auto; padding: 0 1em; font: 16px/1.5 system-ui, sans-serif; }');
document.adoptedStyleSheets = [sheet];

/** How long, in ms, that page may take before the user is told where to go. A browser may have put it to sleep. */
const patienceMs = 3_000;

const answer = location.search;
// The code shall not be in the history.
history.replaceState(null, '', location.pathname);

const parameters = new URLSearchParams(answer);
const state = parameters.get('state');
const refusal = parameters.get('error');

if (state !== null) {
  const channel = channelOf(state);
  channel.addEventListener('message', () => {
    tell('You can close this window.');
    window.close();
  });
  channel.postMessage(answer);
  setTimeout(() => {
    tell('Return to the page that you signed in from. If you have closed or left it, open it again and sign in there.');
  }, patienceMs);
} else if (refusal !== null) {
  // Without a state anybody may have written this address: no sentence of theirs is shown.
  tell(/^\w{1,50}$/.test(refusal) ? `The issuer refused: ${refusal}` : 'The issuer refused.');
} else {
  tell('Here a sign-in ends. Begin it on the page that you want to use.');
}

/** @param {string} text */
function tell(text) {
  const place = document.querySelector('main');
  if (place) place.textContent = text;
}
