import { refusalOf, sendCredentials } from './authorize.js';
import { element, mountFrame } from './frame.js';

// Where the issuer offers no sign-in to pages: the user pastes a token, which stays in the memory of this page.

/** @type {string | undefined} */
let bearer;
const { text, actions } = mountFrame('Sign-in');
const input = document.createElement('input');
Object.assign(input, { type: 'password', ariaLabel: 'Token or API key', placeholder: 'Token or API key (mgk_…)' });
Object.assign(input, { autocomplete: 'off', spellcheck: false });
const form = document.createElement('form');
form.append(input);
form.append(element('button', { type: 'submit', textContent: 'Use it', className: 'first' }));
const forget = element('button', { type: 'button', textContent: 'Forget it' });

const { reloadSchema } = sendCredentials(
  async (request) => {
    if (bearer !== undefined) request.headers.set('authorization', `Bearer ${bearer}`);
  },
  { refused: () => showForm('The service does not accept the token any more.') },
);

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void take(input.value.trim().replace(/^bearer /i, ''));
});
forget.addEventListener('click', () => {
  showForm();
  reloadSchema();
});
showForm();

/** @param {string} pasted */
async function take(pasted) {
  if (pasted === '') return;
  const problem = await problemOf(pasted);
  if (problem !== undefined) return showForm(problem);
  bearer = pasted;
  input.value = '';
  show(`You ask with the ${pasted.startsWith('mgk_') ? 'API key' : 'token'} that you pasted.`);
  actions.replaceChildren(forget);
  reloadSchema();
}

/** @param {string} pasted */
async function problemOf(pasted) {
  // Other characters cannot be in a header.
  if (!/^[\x21-\x7e]+$/.test(pasted)) return 'That is no token: it has spaces, or characters that no token has.';
  try {
    const refusal = await refusalOf(pasted);
    return refusal && `The service does not accept it: ${refusal}`;
  } catch {
    return 'The service cannot be reached.';
  }
}

/** @param {string} [problem] */
function showForm(problem = '') {
  bearer = undefined;
  show('You are not signed in. Paste a token of your issuer, or an API key: it stays in this page alone.', problem);
  actions.replaceChildren(form);
}

/**
 * @param {string} says
 * @param {string} [problem]
 */
function show(says, problem = '') {
  text.replaceChildren(says, element('small', { textContent: problem, className: 'problem' }));
}
