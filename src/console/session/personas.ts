import { type Signal, signal } from '@preact/signals';
import { words } from '../words.ts';
import type { Show, Way } from './way.ts';

export interface PersonasWay extends Way {
  names: Signal<string[]>;
  persona: Signal<string>;
  choose: (persona: string) => void;
}

const kept = 'modelgate:persona';

/** In the demo world the user chooses whom to be. The name is kept, and the token is not. */
export function createPersonasWay(show: Show): PersonasWay {
  const names = signal<string[]>([]);
  const persona = signal(sessionStorage.getItem(kept) ?? 'admin');
  let loading: Promise<Record<string, string>> | undefined;

  const load = () => {
    loading ??= fetch('/sign-in/personas.json').then(async (response) => {
      if (!response.ok) throw new Error(words.signIn.noPersonas);
      return response.json() as Promise<Record<string, string>>;
    });
    return loading;
  };
  const open = async () => {
    try {
      const tokens = await load();
      names.value = Object.keys(tokens);
      if (!Object.hasOwn(tokens, persona.value)) persona.value = names.value[0] ?? '';
      show({ status: 'signed-in' });
    } catch (error) {
      loading = undefined;
      show({ status: 'signed-out', problem: error instanceof Error ? error.message : String(error) });
    }
  };
  void open();

  return {
    names,
    persona,
    bearer: async () => (await load().catch(() => undefined))?.[persona.value],
    renew: async () => {
      loading = undefined;
      await open();
      return loading !== undefined;
    },
    choose: (next) => {
      sessionStorage.setItem(kept, next);
      persona.value = next;
      void open();
    },
    signOut: () => {
      loading = undefined;
    },
  };
}
