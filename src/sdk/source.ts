import { openBootstrap } from './bootstrap.ts';
import { readBootstrap, writeBootstrap } from './bootstrap-file.ts';
import { eventsOf } from './event-stream.ts';
import { gateErrorOf, SdkError } from './gate-error.ts';
import { isOlder, parseCatalog, parseSnapshot, type State, stampOfId, stateOf, textOf } from './state.ts';
import type { Bootstrap, ConnectOptions } from './types.ts';
import { Verifier, verifyHash } from './verifier.ts';
import { type SnapshotAnswer, Wire } from './wire.ts';

interface SourceEvents {
  /** Another state counts from now on; `before` is absent for the first. */
  onState: (state: State, before: State | undefined) => void;
  /** The service could not be asked, or its answer was refused: it is asked again. */
  onError: (error: SdkError) => void;
  /** The service has just confirmed the state. */
  onConfirmed?: () => void;
}

/** A stream that is silent for longer is taken for dead, in ms: the service sends a comment every 12 seconds. */
const silentMs = 30_000;

/** A stream that lasted so long, in ms, was cut by a restart rather than by a proxy: it is opened again soon. */
const lastingMs = 10_000;

/** The pauses, in ms, in which an answer is awaited that is as new as an event has told: another process may be behind. */
const catchUpPausesMs = [50, 100, 200, 400, 800, 1_600];

/** Codes of errors after which nothing is known: the service cannot answer. */
const away = new Set(['UNAVAILABLE', 'SERVICE_UNAVAILABLE', 'INTERNAL_SERVER_ERROR', 'RATE_LIMITED']);

export const defaultMaxStaleMs = 60_000;
const defaultPollMs = 10_000;

/**
 * Keeps the snapshot of an organization up to date: by the stream of changes, and where none can be held open by polling. A snapshot is
 * taken only where its signature holds, and it is no older than the present one.
 */
export class Source {
  readonly #options: ConnectOptions;
  readonly #events: SourceEvents;
  readonly #closing = new AbortController();
  readonly #wire: Wire;
  readonly #verifier: Verifier;
  #state: State | undefined;
  /** When the service has last confirmed the state, by the clock that does not jump. */
  #confirmedAt = Number.NEGATIVE_INFINITY;
  #savedAt = Number.NEGATIVE_INFINITY;
  #saving: Promise<void> = Promise.resolve();
  #following: Promise<void> = Promise.resolve();

  constructor(options: ConnectOptions, events: SourceEvents) {
    const { publicKey: given } = options;
    this.#options = options;
    this.#events = events;
    this.#wire = new Wire(options, this.#closing.signal);
    this.#verifier = new Verifier({
      pinned: given && (Array.isArray(given) ? given : [given]),
      fetchKeys: () => this.#wire.keys(),
    });
  }

  /** @throws SdkError before `start` */
  get state(): State {
    if (!this.#state) throw new SdkError('UNAVAILABLE', 'There is no snapshot yet');
    return this.#state;
  }

  /** How long ago, in ms, the service has confirmed the state. */
  get staleMs(): number {
    return performance.now() - this.#confirmedAt;
  }

  get maxStaleMs(): number {
    return this.#options.maxStaleMs ?? defaultMaxStaleMs;
  }

  /**
   * Reads the first state, and follows the service from then on. A bootstrap is taken before: nothing older than it counts. It is
   * decided by where the service is away, unless it is too old. @throws SdkError
   */
  async start(): Promise<void> {
    const isYoung = await this.#useBootstrap();
    try {
      await this.#read();
    } catch (error) {
      const fault = gateErrorOf(error);
      if (this.#state && !isYoung) this.#events.onError(badBootstrap('it was not confirmed lately'));
      if (!away.has(fault.code) || !isYoung) throw fault;
      this.#events.onError(fault);
    }
    this.#following = this.#follow();
  }

  bootstrap(): Bootstrap {
    const { snapshot, catalog, etag, signature } = this.state.texts;
    const confirmedAt = new Date(Date.now() - this.staleMs).toISOString();
    return { format: 1, confirmedAt, snapshot, catalog, etag, signature, keys: this.#verifier.keys };
  }

  async close(): Promise<void> {
    this.#closing.abort(new SdkError('CLOSED', 'The gate was closed'));
    await this.#following;
    await this.#saving;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted; failures += 1) {
      const startedAt = performance.now();
      await this.#attempt(() => this.#readStream());
      if (performance.now() - startedAt > lastingMs) failures = 0;
      const longestMs = Math.min(500 * 2 ** failures, this.#options.pollMs ?? defaultPollMs);
      // All clients of a service that has restarted must not come back at once.
      await this.#sleep(longestMs * (0.5 + Math.random() / 2));
      if (!signal.aborted && failures > 0) await this.#attempt(() => this.#read());
    }
  }

  async #attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#events.onError(gateErrorOf(error));
    }
  }

  /** Reads a stream until it ends. */
  async #readStream(): Promise<void> {
    const controller = new AbortController();
    const end = () => controller.abort(this.#closing.signal.reason);
    this.#closing.signal.addEventListener('abort', end);
    let isFirst = true;
    try {
      const body = await this.#wire.stream(controller);
      // A proxy that buffers answers delivers nothing.
      const idleMs = () => (isFirst ? this.#wire.timeoutMs : silentMs);
      for await (const { name, id, data } of eventsOf(body, idleMs)) {
        if (name === 'end') throw new SdkError(codeOf(data), 'The service has ended the stream');
        if (name === 'changed') {
          const sent = snapshotIn(data);
          await (sent ? this.#receive(sent) : this.#readSince(stampOfId(id)?.revision ?? 0));
          isFirst = false;
        } else if (name === 'comment' && !isFirst) this.#confirm(performance.now());
      }
    } finally {
      this.#closing.signal.removeEventListener('abort', end);
      controller.abort();
    }
  }

  /** Takes a snapshot that an event has brought. */
  async #receive(answer: SnapshotAnswer): Promise<void> {
    const receivedAt = performance.now();
    this.#take(await this.#accept(answer));
    this.#confirm(receivedAt);
  }

  /** @throws SdkError where the answers stay older than this revision */
  async #readSince(revision: number): Promise<void> {
    for (const pauseMs of catchUpPausesMs) {
      if (await this.#read(revision)) return;
      await this.#sleep(pauseMs);
    }
    throw new SdkError('OLDER_SNAPSHOT', `The service has told of revision ${revision}, and answers older ones`);
  }

  /** Reads the present state, and answers whether it is of this revision or a later one. @throws SdkError */
  async #read(revision = 0): Promise<boolean> {
    // What is confirmed is what was so when it was asked, or when a relay has asked.
    const askedAt = performance.now();
    const { answer, ageMs } = await this.#wire.snapshot(this.#state?.texts.etag);
    const next = answer ? await this.#accept(answer) : this.state;
    if (next.document.revision < revision) return false;
    this.#take(next);
    this.#confirm(askedAt, ageMs);
    return true;
  }

  #take(next: State): void {
    const before = this.#state;
    if (next === before || this.#closing.signal.aborted) return;
    this.#state = next;
    this.#savedAt = Number.NEGATIVE_INFINITY;
    this.#events.onState(next, before);
  }

  /** @throws SdkError for an answer that is not signed as it must be, or is older than the present state */
  async #accept({ bytes, etag, signature }: SnapshotAnswer): Promise<State> {
    await this.#verifier.verify(bytes, signature);
    // An event may bring what was asked for meanwhile.
    if (etag !== '' && etag === this.#state?.texts.etag) return this.#state;
    const snapshot = textOf(bytes);
    const document = parseSnapshot(snapshot, this.#options.organizationId);
    const present = this.#state;
    if (present && isOlder(document, present.document)) {
      // Another process, which has the catalog of an earlier release.
      if (document.revision === present.document.revision) return present;
      const { revision } = present.document;
      const why = `Revision ${document.revision} was answered after revision ${revision}`;
      throw new SdkError('OLDER_SNAPSHOT', `${why}. If the database was restored: restart, without the bootstrap`);
    }
    const { catalogVersion, catalogHash } = document;
    if (present?.document.catalogVersion === catalogVersion && present.document.catalogHash === catalogHash) {
      return stateOf(document, present.catalog, { ...present.texts, snapshot, etag, signature });
    }
    const catalogBytes = await this.#wire.catalog(catalogVersion);
    await verifyHash(catalogBytes, catalogHash);
    const catalog = textOf(catalogBytes);
    return stateOf(document, parseCatalog(catalog, catalogVersion), { snapshot, catalog, etag, signature });
  }

  #confirm(at: number, ageMs = 0): void {
    this.#confirmedAt = Math.max(this.#confirmedAt, at - ageMs);
    if (ageMs === 0) this.#events.onConfirmed?.();
    const { bootstrap } = this.#options;
    if (typeof bootstrap !== 'string' || at - this.#savedAt < this.maxStaleMs / 4) return;
    this.#savedAt = at;
    this.#saving = this.#saving
      .then(() => writeBootstrap(bootstrap, this.bootstrap()))
      .catch((error: unknown) => this.#events.onError(badBootstrap(error, 'written')));
  }

  /** Takes the state of the bootstrap, and answers whether it is young enough to decide by. */
  async #useBootstrap(): Promise<boolean> {
    const { bootstrap, organizationId } = this.#options;
    try {
      const found = typeof bootstrap === 'string' ? await readBootstrap(bootstrap) : bootstrap;
      if (!found) return false;
      this.#take(await openBootstrap(found, organizationId, this.#verifier));
      const ageMs = Date.now() - Date.parse(found.confirmedAt);
      const isYoung = ageMs >= 0 && ageMs <= this.maxStaleMs;
      if (isYoung) this.#confirmedAt = performance.now() - ageMs;
      return isYoung;
    } catch (error) {
      this.#verifier.trust([]);
      this.#events.onError(badBootstrap(error));
      return false;
    }
  }

  #sleep(ms: number): Promise<void> {
    const { signal } = this.#closing;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal.addEventListener('abort', wake);
    });
  }
}

function badBootstrap(error: unknown, what: 'used' | 'written' = 'used'): SdkError {
  const why = error instanceof Error ? error.message : String(error);
  return new SdkError('BAD_BOOTSTRAP', `The bootstrap is not ${what}: ${why}`, { cause: error });
}

/** The snapshot that an event has, where it has one. */
function snapshotIn(data: string): SnapshotAnswer | undefined {
  if (!data.includes('"snapshot":')) return undefined;
  const { snapshot, etag, signature } = JSON.parse(data) as {
    snapshot: string;
    etag: string;
    signature: string | null;
  };
  return { bytes: new TextEncoder().encode(snapshot), etag, signature };
}

/** The code of an `end` event. */
function codeOf(data: string): string {
  const [, code] = /"code":"([A-Z_]{1,50})"/.exec(data) ?? [];
  return code ?? 'UNAVAILABLE';
}
