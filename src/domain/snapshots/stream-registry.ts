import type { Database } from '../../database/pool/client.ts';

/** Where the events of one stream are written. */
export interface EventSink {
  write: (events: Uint8Array) => void;
  end: () => void;
}

/** Who follows the snapshot of an organization. The caller must have authorized it. */
export interface SnapshotFollower {
  /** The user or the key of a service. */
  id: string;
  /** What its access follows from, beside its id: of streams that have both in common, one is reauthorized for all. */
  accessKey: string;
  /** Whether events shall have the snapshot itself. */
  isInline: boolean;
  /** How long, in ms, its credentials remain valid. */
  validForMs: number;
  /** Whether nothing of its access has changed since it was authorized. */
  isCurrent: () => boolean;
  /** Throws where its access was lost. */
  reauthorize: (db: Database) => Promise<void>;
}

/** The streams of one organization, which share what is written to them. */
export interface Group {
  organizationId: string;
  revision: number;
  /** By the follower and its access. */
  viewers: Map<string, Viewer>;
  /** How many streams it has. */
  size: number;
  /** Whether an event is about to be written to all of them, and whether there was another change meanwhile. */
  isChanged: boolean;
  isChangedAgain: boolean;
}

export interface Viewer {
  id: string;
  /** Its key in the group. */
  key: string;
  group: Group;
  reauthorize: SnapshotFollower['reauthorize'];
  streams: Set<Stream>;
}

export interface Stream {
  viewer: Viewer;
  sink: EventSink;
  /** Whether its events have the snapshot itself. */
  isInline: boolean;
  /** Those that get their comments at the same time. */
  part: Set<Stream>;
  expiry: NodeJS.Timeout | undefined;
}

/** In how many parts comments are written: all at once would delay whatever else the process does. */
export const parts = 12;

/** The open streams, by all that they are looked up by. */
export class StreamRegistry {
  readonly groups = new Map<string, Group>();
  readonly viewersById = new Map<string, Set<Viewer>>();
  readonly parts: readonly Set<Stream>[] = Array.from({ length: parts }, () => new Set<Stream>());
  size = 0;
  #added = 0;

  add(organizationId: string, revision: number, follower: SnapshotFollower, sink: EventSink): Stream {
    const { id, accessKey, isInline, reauthorize } = follower;
    const group = this.groups.get(organizationId) ?? {
      ...{ organizationId, revision, size: 0 },
      viewers: new Map(),
      isChanged: false,
      isChangedAgain: false,
    };
    const key = `${id} ${accessKey}`;
    const viewer = group.viewers.get(key) ?? { id, key, group, reauthorize, streams: new Set<Stream>() };
    const part = this.parts[this.#added++ % parts] ?? new Set();
    const stream: Stream = { viewer, sink, part, isInline, expiry: undefined };
    this.groups.set(organizationId, group);
    group.viewers.set(key, viewer);
    addTo(this.viewersById, id, viewer);
    viewer.streams.add(stream);
    part.add(stream);
    group.size += 1;
    this.size += 1;
    return stream;
  }

  /** Answers whether the stream was there. */
  remove(stream: Stream): boolean {
    const { viewer, part, expiry } = stream;
    const { id, key, group } = viewer;
    if (!viewer.streams.delete(stream)) return false;
    this.size -= 1;
    group.size -= 1;
    clearTimeout(expiry);
    part.delete(stream);
    if (viewer.streams.size > 0) return true;
    removeFrom(this.viewersById, id, viewer);
    group.viewers.delete(key);
    if (group.viewers.size === 0) this.groups.delete(group.organizationId);
    return true;
  }

  /** How many streams this user or key has, in all organizations. */
  sizeOf(id: string): number {
    let size = 0;
    for (const { streams } of this.viewersById.get(id) ?? []) size += streams.size;
    return size;
  }
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
