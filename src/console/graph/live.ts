import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { eventsOf } from '../../sdk/event-stream.ts';
import { Changed } from '../generated/operations.ts';
import type { ChangedSubscription } from '../generated/types.ts';
import { session } from '../session/session.ts';
import { send } from './send.ts';

type Revision = ChangedSubscription['organizationRevision'];

/** Whether the page hears of what others change. */
export const isLive = signal(false);

/** A stream that is silent for longer, in ms, is taken for dead: the service sends a comment every 12 seconds. */
const silentMs = 30_000;
const pauseMs = 2_000;

/** Whether the page is to be seen. Others follow nothing: a browser opens six connections to a host by HTTP/1.1, for all its pages. */
const isSeen = signal(document.visibilityState === 'visible');
document.addEventListener('visibilitychange', () => {
  isSeen.value = document.visibilityState === 'visible';
});

/**
 * Follows the changes of the organization of this id, and calls back for each; and with undefined whenever a stream is opened: before,
 * anything may have changed.
 */
export function follow(
  organizationId: ReadonlySignal<string | undefined>,
  onRevision: (revision: Revision | undefined) => void,
): void {
  effect(() => {
    const id = organizationId.value;
    if (id === undefined || session.who.value.status !== 'signed-in' || !isSeen.value) return;
    const stop = new AbortController();
    void followOne(id, stop.signal, onRevision);
    return () => stop.abort();
  });
}

async function followOne(id: string, stop: AbortSignal, onRevision: (revision: Revision | undefined) => void) {
  while (!stop.aborted) {
    try {
      const { response } = await send(
        Changed,
        { organizationId: id },
        { headers: { accept: 'text/event-stream' }, signal: stop },
      );
      if (!response.ok || !response.body) throw new Error(response.statusText);
      for await (const { name, data } of eventsOf(response.body, () => silentMs)) {
        if (!isLive.value) {
          isLive.value = true;
          onRevision(undefined);
        }
        if (name === 'next')
          onRevision((JSON.parse(data) as { data?: ChangedSubscription }).data?.organizationRevision);
      }
    } catch {
      // It is opened again: the dot tells meanwhile.
    }
    isLive.value = false;
    if (!stop.aborted) await paused(stop);
  }
}

/** Waits for a while, or until the network is back. */
function paused(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener('online', end);
      resolve();
    };
    const timer = setTimeout(end, pauseMs);
    addEventListener('online', end);
    stop.addEventListener('abort', end);
  });
}
