import type { Database } from '../../database/pool/client.ts';

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
  /** Whether events shall have the snapshot itself. */
  isInline: boolean;
  /** How long, in ms, its credentials remain valid. */
  validForMs: number;
  /** Throws where its access was lost. Of several streams of one follower, that of the first is kept. */
  reauthorize: (db: Database) => Promise<void>;
}

/** The streams of one organization, which share what is written to them. */
export interface Group {
  organizationId: string;
  revision: number;
  /** By the follower. */
  viewers: Map<string, Viewer>;
  /** Whether an event is about to be written to all of them, and whether there was another change meanwhile. */
  isChanged: boolean;
  isChangedAgain: boolean;
}

export interface Viewer {
  id: string;
  group: Group;
  reauthorize: SnapshotFollower['reauthorize'];
  streams: Set<Stream>;
}

export interface Stream {
  viewer: Viewer;
  sink: EventSink;
  subjects: readonly string[];
  /** Whether its events have the snapshot itself: not where it asks for subjects. */
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
  readonly bySubject = new Map<string, Set<Stream>>();
  readonly parts: readonly Set<Stream>[] = Array.from({ length: parts }, () => new Set<Stream>());
  size = 0;
  #added = 0;

  add(organizationId: string, revision: number, follower: SnapshotFollower, sink: EventSink): Stream {
    const { id, subjects, isInline, reauthorize } = follower;
    const group = this.groups.get(organizationId) ?? {
      ...{ organizationId, revision },
      viewers: new Map(),
      isChanged: false,
      isChangedAgain: false,
    };
    const viewer = group.viewers.get(id) ?? { id, group, reauthorize, streams: new Set<Stream>() };
    const part = this.parts[this.#added++ % parts] ?? new Set();
    const stream: Stream = {
      ...{ viewer, sink, subjects, part },
      isInline: isInline && subjects.length === 0,
      expiry: undefined,
    };
    this.groups.set(organizationId, group);
    group.viewers.set(id, viewer);
    addTo(this.viewersById, id, viewer);
    viewer.streams.add(stream);
    for (const subject of subjects) addTo(this.bySubject, subject, stream);
    part.add(stream);
    this.size += 1;
    return stream;
  }

  /** Answers whether the stream was there. */
  remove(stream: Stream): boolean {
    const { viewer, subjects, part, expiry } = stream;
    if (!viewer.streams.delete(stream)) return false;
    this.size -= 1;
    clearTimeout(expiry);
    part.delete(stream);
    for (const id of subjects) removeFrom(this.bySubject, id, stream);
    if (viewer.streams.size > 0) return true;
    const { id, group } = viewer;
    removeFrom(this.viewersById, id, viewer);
    group.viewers.delete(id);
    if (group.viewers.size === 0) this.groups.delete(group.organizationId);
    return true;
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
