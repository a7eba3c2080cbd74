import { computed } from '@preact/signals';
import { Exceptions } from '../generated/operations.ts';
import type { ExceptionEntryFragment, ModelExceptionState } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { createList } from './list.ts';

export type Exception = ExceptionEntryFragment;

const listOf = (state: ModelExceptionState) =>
  createList<Exception>(
    async (page, stop) => (await ask(Exceptions, { ...page, filter: { state } }, stop)).organization?.modelExceptions,
  );
const grantedList = listOf('GRANTED');
const requestedList = listOf('REQUESTED');

/** The exceptions that are in force, and those that are requested. */
export const { nodes: granted } = grantedList;
export const { nodes: requested } = requestedList;
export const requestCount = computed(() => requested.value?.length ?? 0);

export function watchExceptions(): void {
  grantedList.watch();
  requestedList.watch();
}
