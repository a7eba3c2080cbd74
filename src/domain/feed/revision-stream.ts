import { UnauthenticatedError, type UserError } from '../../errors/base.ts';
import type { LedgerEntry, RevisionLog } from './revision-log.ts';

/** The client of a subscription to the revisions of an organization. */
export interface Follower {
  /** The user or the API key. */
  id: string;
  /** Throws where its access was lost. */
  reauthorize: () => Promise<void>;
  /** How long, in ms, its credentials remain valid. */
  validForMs: number;
  /** Aborted once it has disconnected. */
  signal: AbortSignal;
  /** Closes its connection; data that was not sent is lost. */
  disconnect: () => void;
}

/** The revisions of an organization as they are committed, in order and without gaps. `next` must not be called concurrently. */
export interface RevisionStream extends AsyncIterableIterator<LedgerEntry, undefined> {
  /** Ends the stream, also while `next` is pending. */
  return: () => Promise<IteratorReturnResult<undefined>>;
  /** Ends the stream with this error. */
  fail: (error: UserError) => void;
  /** How long, in ms, the follower has not called `next`; 0 while a call is pending. */
  idleMs: () => number;
}

// The maximum delay of Node's timers, 24 days. A stream ends then at the latest, even where the token is valid for longer.
const maxTimerMs = 2 ** 31 - 1;

/** Begins after the revision `number`. `onEnd` is called once, however it ends. */
export function createRevisionStream(
  log: RevisionLog,
  { follower, number, onEnd }: { follower: Follower; number: number; onEnd: () => void },
): RevisionStream {
  const ended = new AbortController();
  let page: readonly LedgerEntry[] = [];
  let last = number;
  let failure: unknown;
  let idleSince: number | null = performance.now();

  const end = () => {
    if (ended.signal.aborted) return;
    ended.abort();
    clearTimeout(expiry);
    follower.signal.removeEventListener('abort', end);
    onEnd();
  };
  const fail = (error: unknown) => {
    failure ??= error;
    end();
  };
  const expire = () => fail(new UnauthenticatedError('Your session has expired'));
  const expiry = setTimeout(expire, Math.min(follower.validForMs, maxTimerMs)).unref();
  follower.signal.addEventListener('abort', end);

  const nextEntry = async (): Promise<LedgerEntry | undefined> => {
    while (!ended.signal.aborted) {
      const { version } = log;
      if (page.length === 0) page = await log.entriesAfter(last);
      const [entry] = page;
      if (entry) {
        // The entry may have revoked the follower's access.
        if (entry.subjectId === follower.id) await follower.reauthorize();
        page = page.slice(1);
        last = entry.number;
        return entry;
      }
      await log.nextVersion(version, ended.signal);
    }
    return undefined;
  };

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => {
      idleSince = null;
      const entry = await nextEntry().catch(fail);
      idleSince = performance.now();
      if (entry && !ended.signal.aborted) return { done: false, value: entry };

      const error = failure;
      failure = undefined;
      if (error !== undefined) throw error;
      return { done: true, value: undefined };
    },
    return: async () => {
      end();
      return { done: true, value: undefined };
    },
    fail,
    idleMs: () => (idleSince === null ? 0 : performance.now() - idleSince),
  };
}
