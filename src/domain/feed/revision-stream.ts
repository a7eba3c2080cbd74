import { UnauthenticatedError, type UserError } from '../../errors/base.ts';
import type { LedgerEntry, RevisionLog } from './revision-log.ts';

/** The client of a subscription to the revisions of an organization. */
export interface Follower {
  /** The user or the API key. */
  id: string;
  /** Reauthorizes it: throws where it has lost its access. */
  confirm: () => Promise<void>;
  /** How long its token is valid from now, in ms. */
  validForMs: number;
  /** Aborted when it has disconnected. */
  signal: AbortSignal;
  /** Closes its connection, with whatever is still unsent. */
  hangUp: () => void;
}

/** The revisions of an organization as they are committed, in order and without gaps. `next` must not be called concurrently. */
export interface RevisionStream extends AsyncIterableIterator<LedgerEntry, undefined> {
  /** Ends it, also while `next` is pending. */
  return: () => Promise<IteratorReturnResult<undefined>>;
  /** Ends it with this error. */
  fail: (error: UserError) => void;
  /** How long, in ms, its follower has not called `next`; 0 while a call is pending. */
  idleMs: () => number;
}

// The longest timer of Node, 24 days: a stream that is older ends, whatever its token says.
const longestTimerMs = 2 ** 31 - 1;

/** Begins after the revision `number`. `onEnd` is called once, however it ends. */
export function createRevisionStream(
  log: RevisionLog,
  { follower, number, onEnd }: { follower: Follower; number: number; onEnd: () => void },
): RevisionStream {
  const ended = new AbortController();
  let page: readonly LedgerEntry[] = [];
  let last = number;
  let failure: unknown;
  let askedBefore: number | null = performance.now();

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
  const expiry = setTimeout(expire, Math.min(follower.validForMs, longestTimerMs)).unref();
  follower.signal.addEventListener('abort', end);

  const take = async (): Promise<LedgerEntry | undefined> => {
    while (!ended.signal.aborted) {
      const { news } = log;
      if (page.length === 0) page = await log.entriesAfter(last);
      const [entry] = page;
      if (entry) {
        // An entry about the follower itself may have taken its access away.
        if (entry.subjectId === follower.id) await follower.confirm();
        page = page.slice(1);
        last = entry.number;
        return entry;
      }
      await log.newsAfter(news, ended.signal);
    }
    return undefined;
  };

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => {
      askedBefore = null;
      const entry = await take().catch(fail);
      askedBefore = performance.now();
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
    idleMs: () => (askedBefore === null ? 0 : performance.now() - askedBefore),
  };
}
