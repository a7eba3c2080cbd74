/** `ended`: the user was signed in, and has to sign in again. `waiting`: the issuer's window is open. */
export interface Who {
  status: 'opening' | 'signed-out' | 'waiting' | 'signed-in' | 'ended';
  problem?: string | undefined;
}

/** A way to sign in. Tokens are in its memory alone. */
export interface Way {
  /** The token to send; undefined where there is none. */
  bearer: () => Promise<string | undefined>;
  /** Called where the service has refused the token: answers whether there is another. */
  renew: () => Promise<boolean>;
  signOut: () => void;
}

/** Shows another state; the status of one that was signed in before is `ended` in the place of `signed-out`. */
export type Show = (who: Who) => void;
