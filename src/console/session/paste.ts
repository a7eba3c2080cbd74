import { words } from '../words.ts';
import type { Show, Way } from './way.ts';

export interface PasteWay extends Way {
  take: (pasted: string) => void;
}

/** Where the issuer offers no sign-in to pages: the user pastes a token, which stays in the memory of this page. */
export function createPasteWay(show: Show): PasteWay {
  let bearer: string | undefined;
  queueMicrotask(() => show({ status: 'signed-out' }));
  return {
    bearer: async () => bearer,
    renew: async () => false,
    take: (pasted) => {
      const token = pasted.trim().replace(/^bearer /i, '');
      // Other characters cannot be in a header.
      if (!/^[\x21-\x7e]+$/.test(token)) return show({ status: 'signed-out', problem: words.signIn.noToken });
      bearer = token;
      show({ status: 'signed-in' });
    },
    signOut: () => {
      bearer = undefined;
    },
  };
}
