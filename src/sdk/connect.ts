import { changeOf } from './change.ts';
import { Decider } from './gate.ts';
import { checkOptions } from './options.ts';
import { Source } from './source.ts';
import type { Change, Connect, Events, GateError } from './types.ts';

/**
 * Connects to a service, or a relay, and decides in this process from then on. Without a listener of `error` nothing is told of
 * failures: the snapshot ages then, and after `maxStaleMs` everything is denied.
 *
 * @throws GateError where an option is not what it must be, or there is no snapshot to decide by
 */
export const connect: Connect = async (options) => {
  checkOptions(options);
  const listeners = {
    change: new Set<(change: Change) => void>(),
    error: new Set<(error: GateError) => void>(),
  } satisfies { [Name in keyof Events]: Set<(event: Events[Name]) => void> };
  const source = new Source(options, {
    onState: (state, before) => {
      if (!before || listeners.change.size === 0) return;
      const change = changeOf(before, state, new Date());
      for (const listener of listeners.change) notify(listener, change);
    },
    onError: (error) => {
      for (const listener of listeners.error) notify(listener, error);
    },
  });
  const decider = new Decider(source, options);
  await source.start();
  return {
    decide: (question) => decider.decide(question),
    models: (subject) => decider.models(subject),
    on: (name, listener) => {
      const known = listeners[name] as Set<typeof listener>;
      known.add(listener);
      return () => void known.delete(listener);
    },
    snapshot: () => source.bootstrap(),
    get revision() {
      return source.state.document.revision;
    },
    get catalogVersion() {
      return source.state.document.catalogVersion;
    },
    get staleMs() {
      return source.staleMs;
    },
    close: () => source.close(),
  };
};

/** What a listener throws must not end what it listens to: it becomes an unhandled rejection. */
function notify<Event>(listener: (event: Event) => void, event: Event): void {
  try {
    listener(event);
  } catch (error) {
    void Promise.reject(error);
  }
}
