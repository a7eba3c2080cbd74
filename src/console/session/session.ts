import { type ReadonlySignal, signal } from '@preact/signals';
import { AskError } from '../ask-error.ts';
import { settings } from '../settings.ts';
import { words } from '../words.ts';
import { createIssuerWay } from './issuer.ts';
import { createPasteWay } from './paste.ts';
import { createPersonasWay } from './personas.ts';
import type { Show, Way, Who } from './way.ts';

const who = signal<Who>({ status: 'opening' });
let wasSignedIn = false;

const show: Show = ({ status, problem }) => {
  if (status === 'signed-in') wasSignedIn = true;
  who.value = { status: status === 'signed-out' && wasSignedIn ? 'ended' : status, problem };
};

export const ways = {
  personas: settings.signIn === 'personas' ? createPersonasWay(show) : undefined,
  issuer: settings.signIn === 'issuer' ? createIssuerWay(show) : undefined,
  paste: settings.signIn === 'paste' ? createPasteWay(show) : undefined,
};
const way: Way | undefined = ways[settings.signIn];

/** Who is signed in on this page. */
export const session = {
  who: who as ReadonlySignal<Who>,

  /** @throws AskError where nobody is signed in: what was meant to be asked as a user is not asked as nobody */
  async bearer(): Promise<string> {
    const bearer = await way?.bearer();
    if (bearer !== undefined) return bearer;
    show({ status: 'signed-out' });
    throw new AskError('AUTHENTICATION_REQUIRED', words.signIn.ended);
  },

  renew: async (): Promise<boolean> => (await way?.renew()) ?? false,

  /** Called where the service does not accept this token any more: that of whoever was signed in before ends nothing. */
  async end(bearer: string, problem: string): Promise<void> {
    const current = await way?.bearer();
    if (current === undefined || current === bearer) show({ status: 'signed-out', problem });
  },

  signOut(): void {
    wasSignedIn = false;
    way?.signOut();
    show({ status: 'signed-out' });
  },
};
