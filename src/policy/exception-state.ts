/** The states that an exception is stored with. */
export type StoredExceptionState = 'REQUESTED' | 'GRANTED' | 'DENIED' | 'REVOKED';

/** The states of an exception: EXPIRED is one that is stored as GRANTED and has ended. */
export type ExceptionState = StoredExceptionState | 'EXPIRED';

/** The state of an exception at a moment. It ends by the clock: nothing has to be written for it. */
export function exceptionStateOf(
  { state, until }: { state: StoredExceptionState; until: Date },
  now: Date,
): ExceptionState {
  return state === 'GRANTED' && until <= now ? 'EXPIRED' : state;
}
