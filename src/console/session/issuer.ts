import { settings } from '../settings.ts';
import type { Show, Way } from './way.ts';

/** Of `src/server/sign-in/browser`, which is loaded only where users sign in at the issuer. */
interface IssuerSession {
  subscribe: (
    listener: (state: { status: 'signed-out' | 'ended' | 'waiting' | 'signed-in'; problem?: string }) => void,
  ) => void;
  signIn: () => Promise<void>;
  cancel: () => void;
  signOut: () => Promise<void>;
  token: () => Promise<string | undefined>;
}

export interface IssuerWay extends Way {
  /** Has to be called within a click, since it opens a window. */
  signIn: () => void;
  cancel: () => void;
}

/** The user signs in at the issuer, in a window of its own. */
export function createIssuerWay(show: Show): IssuerWay {
  let opened: IssuerSession | undefined;
  const open = async () => {
    const load = (name: string) => import(`${settings.signInModules}/${name}.js`);
    const [{ createSession }, { loadSettings }, { refusalOf }] = await Promise.all(
      ['session', 'settings', 'authorize'].map(load),
    );
    const session: IssuerSession = createSession(await loadSettings(), { refusalOf });
    opened = session;
    session.subscribe(({ status, problem }) => show({ status: status === 'ended' ? 'signed-out' : status, problem }));
  };
  void open().catch((error: unknown) =>
    show({ status: 'signed-out', problem: error instanceof Error ? error.message : String(error) }),
  );
  return {
    bearer: async () => opened?.token().catch(() => undefined),
    renew: async () => false,
    signIn: () => void opened?.signIn(),
    cancel: () => opened?.cancel(),
    signOut: () => void opened?.signOut(),
  };
}
