import { z } from 'zod';
import type { Database } from '../../database/pool/client.ts';
import { RateLimitedError, ServiceUnavailableError, ValidationError } from '../../errors/base.ts';
import type { Limits } from '../../limits.ts';
import { userIdForm } from '../input/id.ts';
import { parseInput } from '../input/validation.ts';
import { accessDenied } from '../ledger/reauthorize.ts';
import type { ChangeFeed } from './change-feed.ts';
import { createRecheck } from './recheck.ts';
import { createRevisionLog, type RevisionLog } from './revision-log.ts';
import { createRevisionStream, type Follower, type RevisionStream } from './revision-stream.ts';

/** The subscriptions of one process to the revisions of organizations. */
export interface RevisionHub {
  /**
   * The revisions after `sinceRevision`, or from now on where it is absent. The caller must have authorized the follower.
   * @throws ValidationError, RateLimitedError, ServiceUnavailableError, and whatever the follower's `reauthorize` throws
   */
  follow: (organizationId: string, follower: Follower, input: { sinceRevision: unknown }) => Promise<RevisionStream>;
  /** How many streams are open. */
  readonly open: number;
  /** Completes all streams, and refuses new ones. */
  close: () => void;
}

interface HubOptions {
  db: Database;
  changeFeed: ChangeFeed;
  limits: Pick<Limits, 'subscriptions' | 'viewerSubscriptions'>;
  /** How often, in ms, the database is polled for revisions that the feed missed, and idle followers are dropped. */
  checkMs?: number;
  /** How long, in ms, a follower may go without asking for the next revision before it is dropped. */
  longestIdleMs?: number;
}

const Since = z.object({ sinceRevision: z.int().min(0, 'must not be negative').nullish() });

/** Sent to a client over the limit. It is an estimate: when another subscription will end is not known. */
const retryAfterSeconds = 10;

const notRead = 'The subscription has ended, since its events were not read; subscribe again with sinceRevision';

/** Followers of an organization share one log, so that a new revision is read once. A follower that does not read is dropped. */
export function createRevisionHub({
  db,
  changeFeed,
  limits,
  checkMs = 10_000,
  longestIdleMs = 30_000,
}: HubOptions): RevisionHub {
  const logs = new Map<string, { log: RevisionLog; followers: number }>();
  const streams = new Map<RevisionStream, Follower>();
  const openByViewer = new Map<string, number>();
  let open = 0;
  let isClosed = false;

  const reserve = (organizationId: string, { id }: Follower) => {
    const own = openByViewer.get(id) ?? 0;
    if (open >= limits.subscriptions || own >= limits.viewerSubscriptions) {
      throw new RateLimitedError(retryAfterSeconds, 'Too many subscriptions are open');
    }
    const shared = logs.get(organizationId) ?? { log: createRevisionLog(db, organizationId), followers: 0 };
    logs.set(organizationId, shared);
    openByViewer.set(id, own + 1);
    shared.followers++;
    open++;
    const release = () => {
      open--;
      const left = (openByViewer.get(id) ?? 0) - 1;
      if (left > 0) openByViewer.set(id, left);
      else openByViewer.delete(id);
      if (--shared.followers === 0) logs.delete(organizationId);
    };
    return { log: shared.log, release };
  };

  const catchUp = async () => {
    const organizations = await db.query<{ id: string; revision: number }>`
      SELECT "id", "revision" FROM public."Organization" WHERE "id" = ANY(${[...logs.keys()]}::text[])`;
    for (const { id, revision } of organizations) logs.get(id)?.log.advance(revision);
  };
  // A failure is retried at the next check.
  const tryToCatchUp = () => void (logs.size > 0 && catchUp().catch(() => {}));

  const forgetActor = (userId: string) => {
    for (const { log } of logs.values()) log.forget(userId);
  };

  const dropIdle = () => {
    for (const [stream, { disconnect }] of streams) {
      if (stream.idleMs() < longestIdleMs) continue;
      stream.fail(new ServiceUnavailableError(undefined, notRead));
      // A client that still reads gets the error; one that does not is disconnected.
      setTimeout(disconnect, checkMs).unref();
    }
  };

  const recheck = createRecheck(streams);
  const unsubscribe = changeFeed.subscribe((event) => {
    if (event.kind === 'revision') logs.get(event.organizationId)?.log.advance(event.revision);
    if (event.kind === 'change' && userIdForm.test(event.id)) forgetActor(event.id);
    if (event.kind === 'connected') tryToCatchUp();
    // Of those that it was not told of while it was disconnected, any may have been changed.
    if (event.kind !== 'revision') recheck.begin(event.kind === 'change' ? event.id : null);
  });
  const checks = setInterval(() => {
    dropIdle();
    tryToCatchUp();
    recheck.retry();
  }, checkMs).unref();

  return {
    get open() {
      return open;
    },
    follow: async (organizationId, follower, input) => {
      const { sinceRevision } = parseInput(Since, input);
      if (isClosed) throw new ServiceUnavailableError();

      const { log, release } = reserve(organizationId, follower);
      try {
        const now = await findRevision(db, organizationId);
        if ((sinceRevision ?? 0) > now) {
          const message = `must not be above the organization's revision, ${now}`;
          throw new ValidationError([{ path: 'sinceRevision', message }]);
        }
        // After the revision was read: a later loss of access is a later revision, on which the stream reauthorizes.
        await follower.reauthorize();
        log.advance(now);
        const onEnd = () => {
          streams.delete(stream);
          release();
        };
        const stream = createRevisionStream(log, { follower, number: sinceRevision ?? now, onEnd });
        streams.set(stream, follower);
        if (isClosed || follower.signal.aborted) void stream.return();
        return stream;
      } catch (error) {
        release();
        throw error;
      }
    },
    close: () => {
      isClosed = true;
      unsubscribe();
      clearInterval(checks);
      for (const stream of streams.keys()) void stream.return();
    },
  };
}

async function findRevision(db: Database, id: string): Promise<number> {
  const [organization] = await db.query<{ revision: number }>`
    SELECT "revision" FROM public."Organization" WHERE "id" = ${id}`;
  if (!organization) throw accessDenied(id);
  return organization.revision;
}
