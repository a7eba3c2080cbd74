import { computed, effect, signal } from '@preact/signals';
import { Exceptions } from '../generated/operations.ts';
import type { ExceptionEntryFragment } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { readPages } from '../graph/pages.ts';
import { membership } from './caller.ts';
import { failed } from './notice.ts';
import { changes } from './revision.ts';

export type Exception = ExceptionEntryFragment;

/** The exceptions that are in force, and those that are requested; undefined until they are read. */
export const granted = signal<Exception[] | undefined>();
export const requested = signal<Exception[] | undefined>();
export const requestCount = computed(() => requested.value?.length ?? 0);

export function watchExceptions(): void {
  effect(() => {
    const organizationId = membership.value?.organizationId;
    void changes.value;
    if (organizationId === undefined) return;
    const stop = new AbortController();
    for (const [state, shown] of [
      ['GRANTED', granted],
      ['REQUESTED', requested],
    ] as const) {
      const read = async (after: string | null) =>
        (await ask(Exceptions, { organizationId, filter: { state }, after }, stop.signal)).organization
          ?.modelExceptions;
      void readPages(read, (nodes) => {
        if (!stop.signal.aborted) shown.value = nodes;
      }).catch(failed);
    }
    return () => stop.abort();
  });
}
