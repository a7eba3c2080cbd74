import pg from 'pg';

/** The members of an AbortSignal that are used here. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  /** The signals of all those for which something is done together; absent: it is that of one. */
  readonly origins?: readonly Signal[] | undefined;
  addEventListener: (event: 'abort', listener: () => void) => void;
  removeEventListener: (event: 'abort', listener: () => void) => void;
}

/** A signal with its own `abort`. Creating an AbortController takes longer than most requests spend with it. */
export class AbortableSignal implements Signal {
  aborted = false;
  reason: unknown;
  readonly origins: readonly Signal[] | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(origins?: readonly Signal[]) {
    this.origins = origins;
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  addEventListener(_event: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_event: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  abort(reason: unknown = new DOMException('This operation was aborted', 'AbortError')): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}

/** PostgreSQL's error for a cancelled statement, for statements that are not sent at all. */
export const cancelled = Object.assign(new pg.DatabaseError('the statement was cancelled', 0, 'error'), {
  severity: 'ERROR',
  code: '57014',
});

/**
 * Call it after waiting: the signal may have been aborted in between.
 * @throws the same error as a cancelled statement
 */
export function throwIfCancelled(signal: Signal | undefined): void {
  if (signal?.aborted) throw cancelled;
}
