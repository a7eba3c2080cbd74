import type { Catalog } from '../../catalog/catalog.ts';
import type { Database } from '../../database/pool/client.ts';
import { type ErrorCode, RateLimitedError, ServiceUnavailableError, UserError } from '../../errors/base.ts';
import type { Limits } from '../../limits.ts';
import type { SigningKey } from '../checkpoints/signing-key.ts';
import type { ChangeFeed } from '../feed/change-feed.ts';
import { readSnapshotFile } from './read-snapshot.ts';
import { type SnapshotFile, stampOf } from './snapshot-file.ts';
import {
  type EventSink,
  type Group,
  parts,
  type SnapshotFollower,
  type Stream,
  StreamRegistry,
  type Viewer,
} from './stream-registry.ts';

/** The streams of one process that tell of changed snapshots. */
export interface SnapshotHub {
  /** Refuses one stream too many, before it is opened. @throws RateLimitedError, ServiceUnavailableError */
  admit: (organizationId: string, viewerId: string) => void;
  /**
   * Writes an event at once, and one for each change, until the stream ends, or the function that it answers is called. A stream that
   * others came before since it was admitted ends at once.
   */
  follow: (organizationId: string, revision: number, follower: SnapshotFollower, sink: EventSink) => () => void;
  /** How many streams are open. */
  readonly open: number;
  /** Ends all streams, and refuses new ones. */
  close: () => void;
}

interface HubOptions {
  db: Database;
  changeFeed: Pick<ChangeFeed, 'subscribe'>;
  catalog: Catalog;
  /** Signs snapshots; absent: they are not signed. */
  key: SigningKey | undefined;
  limits: Pick<Limits, 'snapshotStreams' | 'organizationSnapshotStreams' | 'viewerSnapshotStreams'>;
  /** How often, in ms, each stream gets a comment. */
  heartbeatMs?: number;
}

/** Characters of a snapshot that is written into events: a longer one would fill the memory where many do not read. */
const maxInlineLength = 16_384;

/** The maximum delay of Node's timers. A stream ends then at the latest. */
const maxTimerMs = 2 ** 31 - 1;

/** Sent to a client over the limit: when another stream will end is not known. */
const retryAfterSeconds = 10;

const comment = Buffer.from(':\n\n');

function endBy(sink: EventSink, code: ErrorCode): void {
  sink.write(Buffer.from(`event: end\ndata: ${JSON.stringify({ code })}\n\n`));
  sink.end();
}

/**
 * A comment tells that the client has the present state: it is written only while the revisions could be read from the database, which
 * finds those too that the feed missed. So a stream is silent where the service does not know either.
 */
export function createSnapshotHub({
  db,
  changeFeed,
  catalog,
  key,
  limits,
  heartbeatMs = 12_000,
}: HubOptions): SnapshotHub {
  const registry = new StreamRegistry();
  const { groups, viewersById } = registry;
  const unconfirmed = new Set<Viewer>();
  let part = 0;
  let confirmedAt = performance.now();
  let isClosed = false;

  const eventOf = ({ revision }: Pick<Group, 'revision'>, file?: SnapshotFile) => {
    const { version: catalogVersion } = catalog;
    const data = { revision, catalogVersion, ...file?.asEvent };
    return Buffer.from(`id: ${stampOf(revision, catalogVersion)}\nevent: changed\ndata: ${JSON.stringify(data)}\n\n`);
  };

  /** An event that has the snapshot; undefined where it is too long, or cannot be read now: it can be asked for. */
  const inlineEventOf = async ({ organizationId, viewers }: Group): Promise<Buffer | undefined> => {
    const isAsked = [...viewers.values()].some(({ streams }) => [...streams].some(({ isInline }) => isInline));
    const read = isAsked && (await readSnapshotFile({ db, catalog, key }, organizationId).catch(() => undefined));
    return read && read.file.text.length <= maxInlineLength ? eventOf(read, read.file) : undefined;
  };

  /** Several notices of one commit arrive together, and are one event. One follows the other: a later one must not overtake. */
  const announce = (group: Group) => {
    group.isChangedAgain = true;
    if (group.isChanged) return;
    group.isChanged = true;
    setImmediate(async () => {
      group.isChangedAgain = false;
      const event = eventOf(group);
      const inline = await inlineEventOf(group);
      for (const viewer of group.viewers.values()) {
        // Its access may have ended with this very change: then it is told of that, and of nothing else.
        const own = unconfirmed.has(viewer) ? undefined : inline;
        for (const { sink, isInline } of viewer.streams) sink.write((isInline && own) || event);
      }
      group.isChanged = false;
      if (group.isChangedAgain) announce(group);
    });
  };

  const advance = (group: Group, revision: number) => {
    if (revision <= group.revision) return;
    group.revision = revision;
    announce(group);
  };

  const end = (stream: Stream, code: ErrorCode) => {
    if (registry.remove(stream)) endBy(stream.sink, code);
  };

  const refusalOf = (organizationId: string, viewerId: string): UserError | undefined => {
    if (isClosed) return new ServiceUnavailableError();
    // An operator made a platform key, for all organizations: it has no limit but those of each, and of the process.
    const own = viewerId.startsWith('plk_') ? 0 : registry.sizeOf(viewerId);
    const isFull =
      registry.size >= limits.snapshotStreams ||
      (groups.get(organizationId)?.size ?? 0) >= limits.organizationSnapshotStreams ||
      own >= limits.viewerSnapshotStreams;
    return isFull ? new RateLimitedError(retryAfterSeconds, 'Too many streams of snapshots are open') : undefined;
  };

  const reauthorize = async (viewer: Viewer) => {
    unconfirmed.add(viewer);
    const error: unknown = await viewer.reauthorize(db).catch((fault: unknown) => fault);
    // While the database is unavailable, nothing is known: it is asked again.
    if (error === undefined || viewer.streams.size === 0) unconfirmed.delete(viewer);
    else if (error instanceof UserError && error.status < 500) {
      unconfirmed.delete(viewer);
      for (const stream of [...viewer.streams]) end(stream, error.code);
    }
  };

  const confirm = async () => {
    const at = performance.now();
    const found =
      groups.size === 0
        ? []
        : await db.query<{ id: string; revision: number }>`
            SELECT "id", "revision" FROM public."Organization" WHERE "id" = ANY(${[...groups.keys()]}::text[])`;
    for (const { id, revision } of found) {
      const group = groups.get(id);
      if (!group || revision <= group.revision) continue;
      // The feed has told of none of it, so that it may be that somebody lost the access.
      for (const viewer of group.viewers.values()) unconfirmed.add(viewer);
      advance(group, revision);
    }
    await Promise.all([...unconfirmed].map(reauthorize));
    confirmedAt = at;
  };
  // A failure is retried at the next beat.
  const tryToConfirm = () => void confirm().catch(() => {});

  const onChange = (id: string) => {
    const group = groups.get(id);
    if (group) announce(group);
    for (const viewer of viewersById.get(id) ?? []) void reauthorize(viewer);
  };

  const unsubscribe = changeFeed.subscribe((event) => {
    if (event.kind === 'change') return onChange(event.id);
    if (event.kind === 'revision') {
      const group = groups.get(event.organizationId);
      if (group) advance(group, event.revision);
    } else if (event.kind === 'connected') {
      // What was changed meanwhile is not known, but for the revisions.
      for (const viewers of viewersById.values()) for (const viewer of viewers) unconfirmed.add(viewer);
      for (const group of groups.values()) announce(group);
      tryToConfirm();
    }
  });

  const beats = setInterval(() => {
    part = (part + 1) % parts;
    if (part === 0) tryToConfirm();
    if (performance.now() - confirmedAt > 1.5 * heartbeatMs) return;
    for (const { sink } of registry.parts[part] ?? []) sink.write(comment);
  }, heartbeatMs / parts).unref();

  return {
    get open() {
      return registry.size;
    },
    admit: (organizationId, viewerId) => {
      const refusal = refusalOf(organizationId, viewerId);
      if (refusal) throw refusal;
    },
    follow: (organizationId, revision, follower, sink) => {
      const { id, validForMs, isCurrent } = follower;
      const refusal = refusalOf(organizationId, id);
      if (refusal) {
        endBy(sink, refusal.code);
        return () => {};
      }
      const stream = registry.add(organizationId, revision, follower, sink);
      const { group } = stream.viewer;
      if (Number.isFinite(validForMs)) {
        const expire = () => end(stream, 'AUTHENTICATION_REQUIRED');
        stream.expiry = setTimeout(expire, Math.min(validForMs, maxTimerMs)).unref();
      }
      advance(group, revision);
      sink.write(eventOf(group));
      // What was told of its access before it was here, nobody has heard.
      if (!isCurrent()) void reauthorize(stream.viewer);
      return () => void registry.remove(stream);
    },
    close: () => {
      isClosed = true;
      unsubscribe();
      clearInterval(beats);
      for (const one of registry.parts) for (const stream of [...one]) end(stream, 'SERVICE_UNAVAILABLE');
    },
  };
}
