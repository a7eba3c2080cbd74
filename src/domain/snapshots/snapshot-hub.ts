import type { Database } from '../../database/pool/client.ts';
import { type ErrorCode, RateLimitedError, ServiceUnavailableError, UserError } from '../../errors/base.ts';
import type { Limits } from '../../limits.ts';
import type { ChangeFeed } from '../feed/change-feed.ts';
import { stampOf } from './snapshot-file.ts';

/** Where the events of one stream are written. */
export interface EventSink {
  write: (events: Uint8Array) => void;
  end: () => void;
}

/** Who follows the snapshot of an organization. The caller must have authorized it. */
export interface SnapshotFollower {
  /** The user or the API key. */
  id: string;
  /** The subjects that it asks for: it is told of their changes too. */
  subjects: readonly string[];
  /** How long, in ms, its credentials remain valid. */
  validForMs: number;
  /** Throws where its access was lost. Of several streams of one follower, that of the first is kept. */
  reauthorize: (db: Database) => Promise<void>;
}

/** The streams of one process that tell of changed snapshots. */
export interface SnapshotHub {
  /** Refuses one stream too many. @throws RateLimitedError, ServiceUnavailableError */
  admit: (organizationId: string, viewerId: string) => void;
  /** Writes an event at once, and one for each change, until the stream ends, or the function that it answers is called. */
  follow: (organizationId: string, revision: number, follower: SnapshotFollower, sink: EventSink) => () => void;
  /** How many streams are open. */
  readonly open: number;
  /** Ends all streams, and refuses new ones. */
  close: () => void;
}

interface HubOptions {
  db: Database;
  changeFeed: Pick<ChangeFeed, 'subscribe'>;
  catalogVersion: number;
  limits: Pick<Limits, 'snapshotStreams' | 'viewerSnapshotStreams'>;
  /** How often, in ms, each stream gets a comment. */
  heartbeatMs?: number;
}

/** The streams of one organization, which share what is written to them. */
interface Group {
  organizationId: string;
  revision: number;
  /** By the follower. */
  viewers: Map<string, Viewer>;
  /** Whether an event is about to be written to all of them. */
  isChanged: boolean;
}

interface Viewer {
  id: string;
  group: Group;
  reauthorize: SnapshotFollower['reauthorize'];
  streams: Set<Stream>;
}

interface Stream {
  viewer: Viewer;
  sink: EventSink;
  subjects: readonly string[];
  /** Those that get their comments at the same time. */
  part: Set<Stream>;
  expiry: NodeJS.Timeout | undefined;
}

/** In how many parts comments are written: all at once would delay whatever else the process does. */
const parts = 12;

/** The maximum delay of Node's timers. A stream ends then at the latest. */
const maxTimerMs = 2 ** 31 - 1;

/** Sent to a client over the limit: when another stream will end is not known. */
const retryAfterSeconds = 10;

const comment = Buffer.from(':\n\n');

/**
 * A comment tells that the client has the present state: it is written only while the revisions could be read from the database, which
 * finds those too that the feed missed. So a stream is silent where the service does not know either.
 */
export function createSnapshotHub({
  db,
  changeFeed,
  catalogVersion,
  limits,
  heartbeatMs = 12_000,
}: HubOptions): SnapshotHub {
  const groups = new Map<string, Group>();
  const viewersById = new Map<string, Set<Viewer>>();
  const streamsBySubject = new Map<string, Set<Stream>>();
  const streams = Array.from({ length: parts }, () => new Set<Stream>());
  const unconfirmed = new Set<Viewer>();
  let open = 0;
  let opened = 0;
  let part = 0;
  let confirmedAt = performance.now();
  let isClosed = false;

  const eventOf = ({ revision }: Group) =>
    Buffer.from(
      `id: ${stampOf(revision, catalogVersion)}\nevent: changed\ndata: ${JSON.stringify({ revision, catalogVersion })}\n\n`,
    );

  /** Several notices of one commit arrive together, and are one event. */
  const announce = (group: Group) => {
    if (group.isChanged) return;
    group.isChanged = true;
    setImmediate(() => {
      group.isChanged = false;
      const event = eventOf(group);
      for (const viewer of group.viewers.values()) for (const { sink } of viewer.streams) sink.write(event);
    });
  };

  const advance = (group: Group, revision: number) => {
    if (revision <= group.revision) return;
    group.revision = revision;
    announce(group);
  };

  const remove = (stream: Stream) => {
    const { viewer, subjects, expiry } = stream;
    if (!viewer.streams.delete(stream)) return false;
    open -= 1;
    clearTimeout(expiry);
    stream.part.delete(stream);
    for (const id of subjects) removeFrom(streamsBySubject, id, stream);
    if (viewer.streams.size > 0) return true;
    unconfirmed.delete(viewer);
    removeFrom(viewersById, viewer.id, viewer);
    const { group } = viewer;
    group.viewers.delete(viewer.id);
    if (group.viewers.size === 0) groups.delete(group.organizationId);
    return true;
  };

  const end = (stream: Stream, code: ErrorCode) => {
    if (!remove(stream)) return;
    stream.sink.write(Buffer.from(`event: end\ndata: ${JSON.stringify({ code })}\n\n`));
    stream.sink.end();
  };

  const reauthorize = async (viewer: Viewer) => {
    unconfirmed.add(viewer);
    const error: unknown = await viewer.reauthorize(db).catch((fault: unknown) => fault);
    // While the database is unavailable, nothing is known: it is asked again.
    if (error === undefined) unconfirmed.delete(viewer);
    else if (error instanceof UserError && error.status < 500)
      for (const stream of [...viewer.streams]) end(stream, error.code);
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
      if (group) advance(group, revision);
    }
    await Promise.all([...unconfirmed].map(reauthorize));
    confirmedAt = at;
  };
  // A failure is retried at the next beat.
  const tryToConfirm = () => void confirm().catch(() => {});

  const onChange = (id: string) => {
    const group = groups.get(id);
    if (group) announce(group);
    for (const { viewer, sink } of streamsBySubject.get(id) ?? []) {
      if (!viewer.group.isChanged) sink.write(eventOf(viewer.group));
    }
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
    for (const { sink } of streams[part] ?? []) sink.write(comment);
  }, heartbeatMs / parts).unref();

  return {
    get open() {
      return open;
    },
    admit: (organizationId, viewerId) => {
      if (isClosed) throw new ServiceUnavailableError();
      const own = groups.get(organizationId)?.viewers.get(viewerId)?.streams.size ?? 0;
      if (open >= limits.snapshotStreams || own >= limits.viewerSnapshotStreams) {
        throw new RateLimitedError(retryAfterSeconds, 'Too many streams of snapshots are open');
      }
    },
    follow: (organizationId, revision, { id, subjects, validForMs, reauthorize: confirmed }, sink) => {
      const group = groups.get(organizationId) ?? { organizationId, revision, viewers: new Map(), isChanged: false };
      const viewer = group.viewers.get(id) ?? { id, group, reauthorize: confirmed, streams: new Set() };
      groups.set(organizationId, group);
      group.viewers.set(id, viewer);
      addTo(viewersById, id, viewer);
      const own = streams[opened++ % parts] ?? new Set();
      const stream: Stream = { viewer, sink, subjects, part: own, expiry: undefined };
      if (Number.isFinite(validForMs)) {
        const expire = () => end(stream, 'AUTHENTICATION_REQUIRED');
        stream.expiry = setTimeout(expire, Math.min(validForMs, maxTimerMs)).unref();
      }
      viewer.streams.add(stream);
      for (const subject of subjects) addTo(streamsBySubject, subject, stream);
      own.add(stream);
      open += 1;
      advance(group, revision);
      sink.write(eventOf(group));
      if (isClosed) end(stream, 'SERVICE_UNAVAILABLE');
      return () => void remove(stream);
    },
    close: () => {
      isClosed = true;
      unsubscribe();
      clearInterval(beats);
      for (const slice of streams) for (const stream of [...slice]) end(stream, 'SERVICE_UNAVAILABLE');
    },
  };
}

function addTo<Value>(map: Map<string, Set<Value>>, key: string, value: Value): void {
  const known = map.get(key);
  if (known) known.add(value);
  else map.set(key, new Set([value]));
}

function removeFrom<Value>(map: Map<string, Set<Value>>, key: string, value: Value): void {
  const known = map.get(key);
  known?.delete(value);
  if (known?.size === 0) map.delete(key);
}
