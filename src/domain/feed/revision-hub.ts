import { z } from 'zod';
import type { Database } from '../../database/pool/client.ts';
import { RateLimitedError, ServiceUnavailableError, ValidationError } from '../../errors/base.ts';
import type { Limits } from '../../limits.ts';
import { parseInput } from '../input/validation.ts';
import { accessDenied } from '../ledger/reauthorize.ts';
import type { ChangeFeed } from './change-feed.ts';
import { createRevisionLog, type RevisionLog } from './revision-log.ts';
import { createRevisionStream, type Follower, type RevisionStream } from './revision-stream.ts';

/** Where the subscriptions of one process follow the revisions of organizations. */
export interface RevisionHub {
  /**
   * The revisions after `sinceRevision`, or from now on where it is absent. The follower may read the organization.
   * @throws ValidationError, RateLimitedError, ServiceUnavailableError, and what the follower's `confirm` throws
   */
  follow: (organizationId: string, follower: Follower, input: { sinceRevision: unknown }) => Promise<RevisionStream>;
  /** Completes all streams, and lets nobody follow any more. */
  close: () => void;
}

interface HubOptions {
  db: Database;
  changeFeed: ChangeFeed;
  limits: Pick<Limits, 'subscriptions' | 'viewerSubscriptions'>;
  /** How often it is looked for what the feed did not tell, and for idle followers. */
  checkMs?: number;
  /** How long a follower may leave what there is for it unread. */
  longestIdleMs?: number;
}

const Since = z.object({ sinceRevision: z.int().min(0, 'must not be negative').nullish() });

/** What a client that may open no more is told to wait: others end at no time that is known. */
const retryAfterSeconds = 10;

const unread = 'The subscription has ended, since its events were not read; subscribe again with sinceRevision';

/** However many follow an organization, a new revision of it is read once. A follower that does not read costs its place. */
export function createRevisionHub({
  db,
  changeFeed,
  limits,
  checkMs = 10_000,
  longestIdleMs = 30_000,
}: HubOptions): RevisionHub {
  const logs = new Map<string, { log: RevisionLog; followers: number }>();
  const streams = new Map<RevisionStream, Follower>();
  const places = new Map<string, number>();
  let taken = 0;
  let isClosed = false;

  const takePlace = (organizationId: string, { id }: Follower) => {
    const own = places.get(id) ?? 0;
    if (taken >= limits.subscriptions || own >= limits.viewerSubscriptions) {
      throw new RateLimitedError(retryAfterSeconds, 'Too many subscriptions are open');
    }
    const shared = logs.get(organizationId) ?? { log: createRevisionLog(db, organizationId), followers: 0 };
    logs.set(organizationId, shared);
    places.set(id, own + 1);
    shared.followers++;
    taken++;
    const leave = () => {
      taken--;
      const left = (places.get(id) ?? 0) - 1;
      if (left > 0) places.set(id, left);
      else places.delete(id);
      if (--shared.followers === 0) logs.delete(organizationId);
    };
    return { log: shared.log, leave };
  };

  const catchUp = async () => {
    const organizations = await db.query<{ id: string; revision: number }>`
      SELECT "id", "revision" FROM public."Organization" WHERE "id" = ANY(${[...logs.keys()]}::text[])`;
    for (const { id, revision } of organizations) logs.get(id)?.log.advance(revision);
  };
  // Where it fails it is done again at the next check.
  const tryToCatchUp = () => void (logs.size > 0 && catchUp().catch(() => {}));

  const dropIdle = () => {
    for (const [stream, { hangUp }] of streams) {
      if (stream.idleMs() < longestIdleMs) continue;
      stream.fail(new ServiceUnavailableError(undefined, unread));
      // Who reads on is told; who does not is cut off.
      setTimeout(hangUp, checkMs).unref();
    }
  };

  const unsubscribe = changeFeed.subscribe((event) => {
    if (event.kind === 'revision') logs.get(event.organizationId)?.log.advance(event.revision);
    if (event.kind === 'connected') tryToCatchUp();
  });
  const checks = setInterval(() => {
    dropIdle();
    tryToCatchUp();
  }, checkMs).unref();

  return {
    follow: async (organizationId, follower, input) => {
      const { sinceRevision } = parseInput(Since, input);
      if (isClosed) throw new ServiceUnavailableError();

      const { log, leave } = takePlace(organizationId, follower);
      try {
        const now = await findRevision(db, organizationId);
        if ((sinceRevision ?? 0) > now) {
          const message = `must not be above the organization's revision, ${now}`;
          throw new ValidationError([{ path: 'sinceRevision', message }]);
        }
        // After the number was read: a right that is lost later is lost in a revision that the stream will tell of.
        await follower.confirm();
        log.advance(now);
        const onEnd = () => {
          streams.delete(stream);
          leave();
        };
        const stream = createRevisionStream(log, { follower, number: sinceRevision ?? now, onEnd });
        streams.set(stream, follower);
        if (isClosed || follower.signal.aborted) void stream.return();
        return stream;
      } catch (error) {
        leave();
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
