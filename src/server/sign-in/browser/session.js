import { createFlow } from './flow.js';
import { inFrame, inWindow, openWindow } from './visit.js';
import { explain, isUnreachable } from './words.js';

/** @import { Settings } from './settings.js' */
/** @import { Tokens } from './tokens.js' */

/**
 * What a page shows. `waiting`: the issuer's window is open. `ended`: the user was signed in, and has to be there to be so again.
 *
 * @typedef {{ status: 'signed-out' | 'ended', problem?: string, wasSignedIn?: boolean }
 *   | { status: 'waiting' }
 *   | { status: 'signed-in', name: string }} State
 */

/** @typedef {ReturnType<typeof createSession>} Session */

/**
 * The sign-in of one page. Tokens are in the memory of this function alone: whoever loads the page again signs in again.
 *
 * @param {Settings} settings
 * @param {{ redirectUri?: string, refusalOf?: (bearer: string) => Promise<string | undefined> }} [options] `refusalOf` asks
 *   the service whether it accepts a token: that of an issuer that is set up for something else would fail only later.
 */
export function createSession(settings, { redirectUri = `${location.origin}/sign-in`, refusalOf } = {}) {
  const flow = createFlow(settings, redirectUri);
  const { issuer } = settings.provider;
  /** @type {Set<(state: State) => void>} */
  const listeners = new Set();
  /** @type {State} */
  let state = { status: 'signed-out' };
  /** @type {Tokens | undefined} */
  let tokens;
  let hasEnded = false;
  /** @type {Promise<string> | undefined} */
  let renewing;
  let attempt = new AbortController();

  /** @param {State} next */
  function show(next) {
    state = next;
    for (const listener of listeners) listener(state);
  }

  /** @param {string} [problem] */
  function showNobody(problem) {
    show({ status: hasEnded ? 'ended' : 'signed-out', ...(problem === undefined ? {} : { problem }) });
  }

  /** @param {Tokens} next */
  function keep(next) {
    tokens = next;
    hasEnded = false;
    show({ status: 'signed-in', name: next.name });
  }

  /** Ends what is under way: its answer is not waited for, nor taken. */
  function newAttempt() {
    attempt.abort();
    attempt = new AbortController();
    return attempt.signal;
  }

  /**
   * @param {Tokens} former
   * @returns {Promise<string>}
   */
  async function renew(former) {
    const signal = newAttempt();
    try {
      const next = await renewed(former, signal);
      signal.throwIfAborted();
      keep(next);
      return next.bearer;
    } catch (error) {
      const problem = explain(error, issuer);
      if (!signal.aborted && !isUnreachable(error)) {
        tokens = undefined;
        hasEnded = true;
        showNobody(problem);
      }
      throw new Error(problem);
    }
  }

  /**
   * @param {Tokens} former
   * @param {AbortSignal} signal
   */
  async function renewed({ refreshToken, ...former }, signal) {
    if (refreshToken !== undefined) {
      try {
        return await flow.refresh({ ...former, refreshToken });
      } catch (error) {
        if (isUnreachable(error)) throw error;
      }
    }
    return flow.authorize(inFrame(signal), { prompt: 'none', former: { ...former, refreshToken: undefined } });
  }

  return {
    settings,
    redirectUri,

    /**
     * Calls the listener now, and at every change.
     *
     * @param {(state: State) => void} listener
     */
    subscribe(listener) {
      listeners.add(listener);
      listener(state);
    },

    /** Has to be called within a click, since it opens a window. What comes of it is shown. */
    async signIn() {
      if (!isSecureContext) return showNobody('Signing in needs HTTPS, or localhost.');
      const signal = newAttempt();
      const popup = openWindow();
      if (!popup) return showNobody('The browser has blocked the window of the issuer. Allow pop-ups for this page.');
      show({ status: 'waiting' });
      try {
        const next = await flow.authorize(inWindow(popup, signal));
        const refusal = await refusalOf?.(next.bearer);
        if (signal.aborted) return;
        if (refusal === undefined) keep(next);
        else showNobody(`The issuer has signed you in, but the service does not accept its token: ${refusal}`);
      } catch (error) {
        if (!signal.aborted) showNobody(explain(error, issuer));
      }
    },

    /** Gives up a sign-in that is waited for. */
    cancel() {
      newAttempt();
      showNobody();
    },

    /** Forgets the tokens. The issuer still knows the user, unless they sign out there as well. */
    async signOut() {
      newAttempt();
      const { refreshToken } = tokens ?? {};
      tokens = undefined;
      hasEnded = false;
      show({ status: 'signed-out', wasSignedIn: true });
      // Where it fails, the token ends by itself: nobody has it any more.
      if (refreshToken !== undefined) await flow.revoke(refreshToken).catch(() => {});
    },

    /**
     * The token to send; undefined where nobody has signed in. Concurrent calls share one renewal.
     *
     * @returns {Promise<string | undefined>}
     * @throws {Error} where the sign-in has ended: what was meant to be asked as a user is not asked as nobody
     */
    async token() {
      if (hasEnded) throw new Error('Your sign-in has ended. Sign in again, above; nothing that you typed is lost.');
      if (!tokens || Date.now() < tokens.renewAt) return tokens?.bearer;
      renewing ??= renew(tokens).finally(() => {
        renewing = undefined;
      });
      return renewing;
    },
  };
}
