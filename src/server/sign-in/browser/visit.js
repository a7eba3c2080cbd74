/** @import { Visit } from './flow.js' */

/** How long, in ms, an issuer may take to answer without the user. One that wants the user there may not answer at all. */
const silenceMs = 10_000;

/** The channel by which `/sign-in` hands an answer to the page that asked for it. Only these two know `state`. */
export const channelOf = (/** @type {string} */ state) => new BroadcastChannel(`modelgate sign-in ${state}`);

/**
 * Opens an empty window: within a click, before anything is awaited, since browsers block it otherwise. Null where it is blocked.
 */
export const openWindow = () => window.open('', 'modelgate-sign-in', 'popup,width=500,height=700');

/**
 * In a window of its own, so that this page is not left. The answer does not come by `window.opener`, nor is `closed` looked
 * at: a page with Cross-Origin-Opener-Policy, as issuers have, cuts the two windows off from each other.
 *
 * @param {Window} popup
 * @param {AbortSignal} signal
 * @returns {Visit}
 */
export function inWindow(popup, signal) {
  signal.addEventListener('abort', () => popup.close());
  return (url, state) => {
    const answer = answerOf(state, signal);
    popup.location.replace(url);
    return answer;
  };
}

/**
 * In a frame that nobody sees: for `prompt=none`, where the browser lets the issuer have its cookies in frames.
 *
 * @param {AbortSignal} signal
 * @returns {Visit}
 */
export function inFrame(signal) {
  return (url, state) => {
    const frame = document.createElement('iframe');
    frame.hidden = true;
    frame.src = url.href;
    document.body.append(frame);
    return answerOf(state, AbortSignal.any([signal, AbortSignal.timeout(silenceMs)])).finally(() => frame.remove());
  };
}

/**
 * @param {string} state
 * @param {AbortSignal} signal
 * @returns {Promise<URLSearchParams>}
 */
function answerOf(state, signal) {
  const channel = channelOf(state);
  /** @type {Promise<URLSearchParams>} */
  const answer = new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    channel.addEventListener('message', ({ data }) => {
      channel.postMessage('received');
      resolve(new URLSearchParams(String(data)));
    });
  });
  return answer.finally(() => channel.close());
}
