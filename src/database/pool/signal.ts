import pg from 'pg';

/** The part of an AbortSignal that is asked for here. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener: (event: 'abort', listener: () => void) => void;
  removeEventListener: (event: 'abort', listener: () => void) => void;
}

/** A signal that its owner aborts. An AbortController and its signal cost more than most requests do with them. */
export class AbortableSignal implements Signal {
  aborted = false;
  reason: unknown;
  readonly #listeners = new Set<() => void>();

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

/** What PostgreSQL says of a statement that it was told to cancel, for those that it never gets to see. */
export const cancelled = Object.assign(new pg.DatabaseError('the statement was cancelled', 0, 'error'), {
  severity: 'ERROR',
  code: '57014',
});

/**
 * For work that has waited: whoever asked for it may have given it up.
 * @throws as a statement does that is cancelled
 */
export function throwIfCancelled(signal: Signal | undefined): void {
  if (signal?.aborted) throw cancelled;
}
