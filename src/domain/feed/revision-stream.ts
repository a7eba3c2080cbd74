import { UnauthenticatedError, type UserError } from '../../errors/base.ts';
import type { LedgerEntry, RevisionLog } from './revision-log.ts';

/** Who follows the revisions of an organization. */
export interface Follower {
  /** The user or the API key. */
  id: string;
  /** Throws where it has lost the right that it came with. */
  confirm: () => Promise<void>;
  /** How long its token holds from now, in ms. */
  validForMs: number;
  /** Aborted when it is gone. */
  signal: AbortSignal;
  /** Ends its connection, whatever is still on its way to it. */
  hangUp: () => void;
}

/** The revisions of an organization as they are committed: in order, without gaps. To be asked for one at a time. */
export interface RevisionStream extends AsyncIterableIterator<LedgerEntry, undefined> {
  /** Ends it, also while the next revision is being waited for. */
  return: () => Promise<IteratorReturnResult<undefined>>;
  /** Ends it with this error. */
  fail: (error: UserError) => void;
  /** How long, in ms, its follower has not asked for the next revision; 0 while one is being waited for. */
  idleMs: () => number;
}

// The most that a timer takes: 24 days. Who stays longer shows its token again.
const longestTimerMs = 2 ** 31 - 1;

/** Begins with the revision after `number`. However it ends, `onEnd` is called once. */
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
        // What the ledger says of the follower itself may be that it has lost its right.
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
